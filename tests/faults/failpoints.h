// Every named failpoint of the code, and which services come by it while they work
// undisturbed.
#pragma once

#include <string>
#include <vector>

namespace ieum::faults {

struct Failpoint {
  std::string name;
  std::vector<std::string> services;
};

// Those where a process can be killed or halted.
const std::vector<Failpoint>& Failpoints();
// Those that turn a condition or make a place fail; faults use them by name.
const std::vector<std::string>& Switches();

}  // namespace ieum::faults
