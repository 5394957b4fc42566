// Bytes of a call into the request message.
#pragma once

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace ieum::rpc {

// Parses, and checks every text of the message whatever its depth. INVALID_ARGUMENT: INVALID_FIELD
// when the bytes are no such message; INVALID_TEXT (U+0000, not UTF-8) and RESIDENT_NUMBER blame
// each field; a value is never echoed.
absl::Status ReadRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* request);

}  // namespace ieum::rpc
