#include "platform/base/status.h"

#include "absl/strings/cord.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"

namespace ieum::base {
namespace {

constexpr std::string_view kReasonPrefix = "ERROR_REASON_";
constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";

template <class M>
void Attach(absl::Status& status, const char* url, const M& detail) {
  status.SetPayload(url, absl::Cord(detail.SerializeAsString()));
}

template <class M>
bool Detail(const absl::Status& status, const char* url, M* detail) {
  auto payload = status.GetPayload(url);
  return payload && detail->ParseFromString(std::string(*payload));
}

absl::Status WithRetry(absl::Status status, absl::Duration retry_after) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(retry_after));
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int>(absl::ToInt64Nanoseconds(retry_after % absl::Seconds(1))));
  Attach(status, kRetryInfoUrl, retry);
  return status;
}

}  // namespace

std::string ReasonWord(const google::protobuf::EnumDescriptor& type, int value) {
  const auto* named = type.FindValueByNumber(value);
  std::string word = named ? named->name() : "INTERNAL";
  if (word.rfind(kReasonPrefix, 0) == 0) word.erase(0, kReasonPrefix.size());
  return word;
}

absl::Status Error(absl::StatusCode code, const Reason& reason, std::string_view message,
                   Metadata metadata) {
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  google::rpc::ErrorInfo info;
  info.set_reason(reason.word());
  for (const auto& [key, value] : metadata) {
    (*info.mutable_metadata())[std::string(key)] = std::string(value);
  }
  Attach(status, kErrorInfoUrl, info);
  return status;
}

absl::Status InvalidField(const Reason& reason, std::string_view field,
                          std::string_view description) {
  FieldErrors errors;
  errors.Add(reason, field, description);
  return errors.ToStatus();
}

absl::Status Forbidden(const Reason& reason, std::string_view message, Metadata metadata) {
  return Error(absl::StatusCode::kFailedPrecondition, reason, message, metadata);
}

absl::Status NotFound(std::string_view resource_name) {
  return Error(absl::StatusCode::kNotFound, "NOT_FOUND",
               std::string("there is no ") + std::string(resource_name),
               {{"resource_name", resource_name}});
}

absl::Status AlreadyExists(const Reason& reason, std::string_view message, Metadata metadata) {
  return Error(absl::StatusCode::kAlreadyExists, reason, message, metadata);
}

absl::Status Unavailable(std::string_view message, absl::Duration retry_after) {
  return WithRetry(Error(absl::StatusCode::kUnavailable, "UNAVAILABLE", message), retry_after);
}

absl::Status Overloaded(std::string_view message, absl::Duration retry_after) {
  return WithRetry(Error(absl::StatusCode::kResourceExhausted, "OVERLOADED", message), retry_after);
}

void FieldErrors::Add(const Reason& reason, std::string_view field, std::string_view description) {
  violations_.push_back({reason.word(), std::string(field), std::string(description)});
}

void FieldErrors::Add(const absl::Status& refusal) {
  if (refusal.ok()) return;
  const std::string reason = ReasonOf(refusal);
  google::rpc::BadRequest bad;
  Detail(refusal, kBadRequestUrl, &bad);
  for (const auto& violation : bad.field_violations()) {
    Add(reason, violation.field(), violation.description());
  }
  const absl::string_view message = refusal.message();
  if (bad.field_violations().empty()) Add(reason, "", {message.data(), message.size()});
}

absl::Status FieldErrors::ToStatus() const {
  if (violations_.empty()) return absl::OkStatus();
  std::string message;
  google::rpc::BadRequest bad;
  for (const Violation& v : violations_) {
    auto* violation = bad.add_field_violations();
    violation->set_field(v.field);
    violation->set_description(v.description);
    message += (message.empty() ? "" : "; ") + v.field + ": " + v.description;
  }
  absl::Status status = Error(absl::StatusCode::kInvalidArgument, violations_[0].reason, message,
                              {{"field", violations_[0].field}});
  Attach(status, kBadRequestUrl, bad);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  return Detail(status, kErrorInfoUrl, &info) ? info.reason() : "";
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  google::rpc::ErrorInfo info;
  if (!Detail(status, kErrorInfoUrl, &info)) return "";
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  google::rpc::BadRequest bad;
  if (Detail(status, kBadRequestUrl, &bad)) {
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  }
  return fields;
}

}  // namespace ieum::base
