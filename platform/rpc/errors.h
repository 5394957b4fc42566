// Refusals between our status and gRPC's (AIP-193). Every status on the wire carries exactly one
// google.rpc.ErrorInfo, domain `<service>.ieum`, beside BadRequest, RetryInfo, PreconditionFailure
// or ResourceInfo where the code has one.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace ieum::rpc {

// A refusal with a reason goes out as it is. One without a reason was not written for callers: its
// words stay here (they may name tables or files); the caller hears a neutral sentence for the
// code and, where it is a fault of ours (INTERNAL), the trace id under which it was logged.
grpc::Status ToGrpc(const absl::Status& status, std::string_view service,
                    std::string_view trace_id);

// What a caller makes of an answer: code, message and details, so that base::ReasonOf and
// base::FieldsOf work. A status that gRPC itself made gets the reason that fits its code.
absl::Status FromGrpc(const grpc::Status& status);

// "INVALID_ARGUMENT"
std::string_view CodeWord(grpc::StatusCode code);

}  // namespace ieum::rpc
