// Where a process that was told to take free ports says which it took.
#pragma once

#include <string>

namespace ieum::runtime {

struct Ports {
  int grpc = 0, health = 0, admin = 0;
};

// One line of the log and, unless `file` is empty, a file with the same as JSON.
void WritePorts(const std::string& file, const Ports& ports);

}  // namespace ieum::runtime
