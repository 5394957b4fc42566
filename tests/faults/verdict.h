// What the auditor says of a suite at rest.
#pragma once

#include <string>
#include <vector>

#include "tests/flows/suite.h"

namespace ieum::faults {

struct Judgement {
  std::vector<std::string> lines;     // one for each law
  std::vector<std::string> breaches;  // laws that are broken, with their first offender
};

// `journal`: the file of what clients asked and were answered; `processes`: what a supervisor saw.
Judgement Judge(testing::Suite& suite, const std::string& journal, const std::string& processes);

}  // namespace ieum::faults
