// A call as the access log keeps it. Inside of platform/rpc.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "platform/access_log/access.h"
#include "platform/rpc/call_context.h"
#include "platform/rpc/roles.h"
#include "platform/rpc/router.h"

namespace ieum::rpc {

// Metadata: why somebody's data is wanted, UTF-8, at most so many characters.
inline constexpr char kReasonKey[] = "ieum-reason-bin";
inline constexpr int kReasonMax = 500;

// INVALID_ARGUMENT blames kReasonKey.
absl::Status CheckReason(const std::string& reason);

// What is known of the call before it has an outcome, and must be read while its context is there.
struct Asked {
  absl::Time at;
  std::string source;  // address of the caller
  std::string reason;
};

// A call of a method that discloses, with its outcome. `request` may be null when it could not be
// read; `answer` is null when there is none.
access_log::Access AccessOf(const Route& route, const CallContext& call, const Roles& roles,
                            const Asked& asked, const google::protobuf::Message* request,
                            const absl::Status& outcome, const google::protobuf::Message* answer);

}  // namespace ieum::rpc
