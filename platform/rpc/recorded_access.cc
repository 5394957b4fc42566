#include "platform/rpc/recorded_access.h"

#include "platform/base/status.h"
#include "platform/base/text.h"
#include "platform/rpc/disclosure.h"

namespace ieum::rpc {
namespace {

// A field of requests that nobody may make without a reason.
constexpr char kReasonField[] = "access_reason";

// True when the caller was let see or change here what he would not be without an emergency. What
// he holds in another centre does not make it less of one.
bool ByBreakGlass(const Route& route, const CallContext& call, const Roles& roles) {
  std::vector<Grant> others = call.identity().grants;
  const size_t emergencies =
      std::erase_if(others, [](const Grant& grant) { return grant.role == kBreakGlassRole; });
  return emergencies > 0 && roles.ScopeOf(others, route.permission) != call.scope();
}

std::string OutcomeWord(const absl::Status& outcome) {
  if (outcome.ok()) return access_log::kAllowed;
  const std::string reason = base::ReasonOf(outcome);
  return reason.empty() ? absl::StatusCodeToString(outcome.code()) : reason;
}

// What the caller said about why: in the request where the method asks for it, else beside it. What
// stands in a refused request is not kept.
std::string SaidReason(const Asked& asked, const google::protobuf::Message* request,
                       const google::protobuf::Message* answer) {
  if (request == nullptr || answer == nullptr) return asked.reason;
  const auto* field = request->GetDescriptor()->FindFieldByName(kReasonField);
  if (field == nullptr) return asked.reason;
  return request->GetReflection()->GetString(*request, field);
}

}  // namespace

absl::Status CheckReason(const std::string& reason) {
  RETURN_IF_ERROR(base::CheckText(reason, kReasonKey));
  if (base::CodePoints(reason) <= kReasonMax) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", kReasonKey, "must have at most 500 characters");
}

access_log::Access AccessOf(const Route& route, const CallContext& call, const Roles& roles,
                            const Asked& asked, const google::protobuf::Message* request,
                            const absl::Status& outcome, const google::protobuf::Message* answer) {
  access_log::Access access;
  access.at = asked.at;
  access.account = call.identity().subject;
  access.source = asked.source;
  access.action = route.permission;
  access.method = call.method().substr(1);
  access.outcome = OutcomeWord(outcome);
  access.emergency = outcome.ok() && ByBreakGlass(route, call, roles);
  access.trace_id = call.trace().trace_id;
  // A refused reason is not kept: nobody knows what stands in it.
  const std::string reason = SaidReason(asked, request, answer);
  if (CheckReason(reason).ok()) access.reason = reason;
  if (request == nullptr) return access;
  access.subjects = route.disclosure->Subjects(*request, answer);
  access.query = QueryFingerprint(*request);
  return access;
}

}  // namespace ieum::rpc
