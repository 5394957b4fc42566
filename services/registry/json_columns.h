// Messages of the contract in jsonb columns: readable for people, and they grow as the contract
// grows.
#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace ieum::registry {

// Field names as in the contract; what is unset is left out.
std::string ToJson(const google::protobuf::Message& message);
// Only what ToJson wrote is read, so a failure is a fault of ours; unknown fields are ignored.
void FromJson(std::string_view json, google::protobuf::Message* message);

}  // namespace ieum::registry
