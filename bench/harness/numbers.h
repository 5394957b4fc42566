// Medians and percentiles.
#pragma once

#include <string>
#include <vector>

namespace ieum::bench {

// Of an even count: the mean of the middle two. 0 when there is none.
double Median(std::vector<double> values);
// `share` 0..1, nearest rank. 0 when there is none.
double Percentile(std::vector<double> values, double share);
// Three significant digits, thousands separated: "12,300", "0.87".
std::string Printed(double value);

}  // namespace ieum::bench
