// The bytes of a message, the same for equal messages on every machine: what hashes are made of.
#pragma once

#include <string>

#include "google/protobuf/message.h"

namespace ieum::rpc {

std::string CanonicalBytes(const google::protobuf::Message& message);

}  // namespace ieum::rpc
