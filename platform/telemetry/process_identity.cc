#include "platform/telemetry/process_identity.h"

#include "platform/base/uuid.h"

namespace ieum::telemetry {

const std::string& ServiceVersion() {
  static const auto* version = new std::string(IEUM_VERSION);
  return *version;
}

const std::string& InstanceId() {
  static const auto* id = new std::string(base::Uuid::NewV7().ToString());
  return *id;
}

}  // namespace ieum::telemetry
