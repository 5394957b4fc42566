// Results as one HTML page that needs nothing else: no script, no font, no picture from elsewhere.
#pragma once

#include <string>
#include <vector>

#include "tools/play/results.h"
#include "tools/play/scenario.h"

namespace ieum::play {

// `faults`: differences and contradictions of expectations.h; empty = all is as it must be.
std::string ReportPage(const Scenario& scenario, const Results& results,
                       const std::vector<std::string>& faults);

// The page's style sheet.
extern const char kReportStyle[];

}  // namespace ieum::play
