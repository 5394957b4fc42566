// Results as tables for a terminal.
#pragma once

#include <string>
#include <vector>

#include "tools/play/results.h"
#include "tools/play/scenario.h"

namespace ieum::play {

std::string PrintResults(const Scenario& scenario, const Results& results);

// Whether everything is as it must be: `differences` and `contradictions` of expectations.h.
std::string PrintVerdict(const Scenario& scenario, const std::vector<std::string>& differences,
                         const std::vector<std::string>& contradictions);

// "MET" of METRIC_STATUS_MET; "—" when there is no target.
std::string StatusWord(reporting::v1::MetricStatus status);
std::string OrDash(const std::string& text);

}  // namespace ieum::play
