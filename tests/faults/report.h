// The report of a run, as Markdown.
#pragma once

#include <string>

#include "tests/faults/run.h"

namespace ieum::faults {

std::string ReportOf(const Result& result, const std::string& command);

}  // namespace ieum::faults
