// Which program and which life of it speaks, in metrics and traces.
#pragma once

#include <string>

namespace ieum::telemetry {

const std::string& ServiceVersion();  // "0.1.0"
const std::string& InstanceId();      // a UUID, another one at each start

}  // namespace ieum::telemetry
