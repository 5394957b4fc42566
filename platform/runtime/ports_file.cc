#include "platform/runtime/ports_file.h"

#include <fstream>

#include "platform/telemetry/log.h"

namespace ieum::runtime {

void WritePorts(const std::string& file, const Ports& ports) {
  telemetry::Info(
      "serving",
      {{"grpc_port", ports.grpc}, {"health_port", ports.health}, {"admin_port", ports.admin}});
  if (file.empty()) return;
  std::ofstream(file) << "{\"grpc\":" << ports.grpc << ",\"health\":" << ports.health
                      << ",\"admin\":" << ports.admin << "}\n";
}

}  // namespace ieum::runtime
