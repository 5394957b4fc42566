#include "tests/faults/leaders.h"

namespace ieum::faults {

std::vector<std::string> Leaders(World& world, const std::string& service) {
  std::vector<std::string> leaders;
  for (const std::string& process : world.ProcessesOf(service)) {
    if (world.suite().Progress(process).relay_leader()) leaders.push_back(process);
  }
  return leaders;
}

bool HasOneLeader(World& world, const std::string& service, absl::Duration within) {
  return world.WaitFor([&] { return Leaders(world, service).size() == 1; }, within);
}

}  // namespace ieum::faults
