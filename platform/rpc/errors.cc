#include "platform/rpc/errors.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::rpc {
namespace {

using platform::v1::ErrorReason;

// Both travel as metadata, of which a stock client accepts 8 KiB; Hangul is percent-encoded.
constexpr size_t kMaxMessageBytes = 1024;
constexpr size_t kMaxDetailBytes = 3 * 1024;

constexpr char kTypePrefix[] = "type.googleapis.com/";
constexpr char kDetailPrefix[] = "type.googleapis.com/google.rpc.";
constexpr char kResourceName[] = "resource_name";

std::string UrlOf(const google::protobuf::Message& detail) {
  return absl::StrCat(kTypePrefix, detail.GetDescriptor()->full_name());
}

ErrorReason ReasonFor(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return platform::v1::ERROR_REASON_INVALID_FIELD;
    case absl::StatusCode::kNotFound:
      return platform::v1::ERROR_REASON_NOT_FOUND;
    case absl::StatusCode::kUnauthenticated:
      return platform::v1::ERROR_REASON_UNAUTHENTICATED;
    case absl::StatusCode::kPermissionDenied:
      return platform::v1::ERROR_REASON_PERMISSION_DENIED;
    case absl::StatusCode::kResourceExhausted:
      return platform::v1::ERROR_REASON_OVERLOADED;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kCancelled:
      return platform::v1::ERROR_REASON_UNAVAILABLE;
    case absl::StatusCode::kDeadlineExceeded:
      return platform::v1::ERROR_REASON_DEADLINE_EXCEEDED;
    case absl::StatusCode::kUnimplemented:
      return platform::v1::ERROR_REASON_UNIMPLEMENTED;
    default:
      return platform::v1::ERROR_REASON_INTERNAL;
  }
}

const char* NeutralSentence(ErrorReason reason) {
  switch (reason) {
    case platform::v1::ERROR_REASON_INVALID_FIELD:
      return "the request is not as the contract says";
    case platform::v1::ERROR_REASON_NOT_FOUND:
      return "there is no such resource";
    case platform::v1::ERROR_REASON_UNAUTHENTICATED:
      return "the caller is not known";
    case platform::v1::ERROR_REASON_PERMISSION_DENIED:
      return "the caller may not do this";
    case platform::v1::ERROR_REASON_OVERLOADED:
      return "there is more to do than can be done; come back a little later";
    case platform::v1::ERROR_REASON_UNAVAILABLE:
      return "the service cannot answer now; repeat the call with the same request_id";
    case platform::v1::ERROR_REASON_DEADLINE_EXCEEDED:
      return "the time given ran out; a write may have happened, so repeat it with the same "
             "request_id";
    case platform::v1::ERROR_REASON_UNIMPLEMENTED:
      return "there is no such method";
    default:
      return "something failed on our side; the operator finds it in the log by its trace id";
  }
}

// A status that its author wrote for callers. One without a reason becomes neutral.
absl::Status ForCallers(const absl::Status& status, std::string_view trace_id) {
  if (!base::ReasonOf(status).empty()) return status;
  const ErrorReason reason = ReasonFor(status.code());
  if (reason != platform::v1::ERROR_REASON_INTERNAL) {
    return base::Error(status.code(), reason, NeutralSentence(reason));
  }
  return base::Error(absl::StatusCode::kInternal, reason, NeutralSentence(reason),
                     {{"trace_id", trace_id}});
}

// Cuts before a character, never inside one.
std::string Shortened(absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "…");
}

void Add(google::rpc::Status* wire, const google::protobuf::Message& detail) {
  wire->add_details()->PackFrom(detail);
}

template <class M>
bool Read(const absl::Status& status, M* detail) {
  const auto payload = status.GetPayload(UrlOf(*detail));
  return payload && detail->ParseFromString(std::string(*payload));
}

// What the code asks for beside what the author attached (AIP-193).
void AddByCode(const absl::Status& status, const google::rpc::ErrorInfo& info,
               google::rpc::Status* wire) {
  const auto named = info.metadata().find(kResourceName);
  const std::string resource = named == info.metadata().end() ? "" : named->second;
  if (status.code() == absl::StatusCode::kFailedPrecondition) {
    google::rpc::PreconditionFailure failure;
    auto* violation = failure.add_violations();
    violation->set_type(info.reason());
    violation->set_subject(resource);
    violation->set_description(wire->message());
    Add(wire, failure);
  }
  if (status.code() == absl::StatusCode::kNotFound ||
      status.code() == absl::StatusCode::kAlreadyExists) {
    google::rpc::ResourceInfo about;
    about.set_resource_name(resource);
    about.set_description(wire->message());
    Add(wire, about);
  }
}

// As many violations as fit; the first ones are the ones to be corrected first anyway.
void AddBadRequest(const absl::Status& status, google::rpc::Status* wire) {
  google::rpc::BadRequest bad;
  if (!Read(status, &bad)) return;
  auto* violations = bad.mutable_field_violations();
  while (violations->size() > 1 && wire->ByteSizeLong() + bad.ByteSizeLong() > kMaxDetailBytes) {
    violations->RemoveLast();
  }
  Add(wire, bad);
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status, std::string_view service,
                    std::string_view trace_id) {
  if (status.ok()) return grpc::Status::OK;
  const absl::Status said = ForCallers(status, trace_id);
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(said.code()));
  wire.set_message(Shortened(said.message(), kMaxMessageBytes));
  google::rpc::ErrorInfo info;
  Read(said, &info);
  info.set_domain(absl::StrCat(absl::string_view(service.data(), service.size()), ".ieum"));
  Add(&wire, info);
  google::rpc::RetryInfo retry;
  if (Read(said, &retry)) Add(&wire, retry);
  AddByCode(said, info, &wire);
  AddBadRequest(said, &wire);
  return grpc::Status(static_cast<grpc::StatusCode>(said.code()), wire.message(),
                      wire.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  absl::Status out = base::Error(code, ReasonFor(code), status.error_message());
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return out;
  for (const auto& detail : wire.details()) {
    if (!absl::StartsWith(detail.type_url(), kDetailPrefix)) continue;
    out.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return out;
}

std::string_view CodeWord(grpc::StatusCode code) {
  constexpr std::string_view kWords[] = {"OK",
                                         "CANCELLED",
                                         "UNKNOWN",
                                         "INVALID_ARGUMENT",
                                         "DEADLINE_EXCEEDED",
                                         "NOT_FOUND",
                                         "ALREADY_EXISTS",
                                         "PERMISSION_DENIED",
                                         "RESOURCE_EXHAUSTED",
                                         "FAILED_PRECONDITION",
                                         "ABORTED",
                                         "OUT_OF_RANGE",
                                         "UNIMPLEMENTED",
                                         "INTERNAL",
                                         "UNAVAILABLE",
                                         "DATA_LOSS",
                                         "UNAUTHENTICATED"};
  const auto number = static_cast<size_t>(code);
  return number < std::size(kWords) ? kWords[number] : kWords[2];
}

}  // namespace ieum::rpc
