#include "services/registry/changes/change.h"

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

absl::Status Denied(v1::ErrorReason reason, std::string_view message) {
  return base::Error(absl::StatusCode::kPermissionDenied, reason, message);
}

}  // namespace

const char* PermissionOf(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kFacts:
      return "registry.organizations.record_facts";
    case ChangeKind::kLabel:
      return "registry.organizations.record_label";
    case ChangeKind::kPerson:
      return "registry.persons.update";
    case ChangeKind::kOrganization:
      break;
  }
  return "registry.organizations.update";
}

std::string ChangeName(const base::Uuid& id) { return "changeRequests/" + id.ToString(); }

absl::Status RequireWaiting(const Change& change, absl::Time now) {
  const bool over = change.state == v1::CHANGE_STATE_REQUESTED && now >= change.expires_at;
  if (change.state == v1::CHANGE_STATE_REQUESTED && !over) return absl::OkStatus();
  const v1::ChangeState state = over ? v1::CHANGE_STATE_EXPIRED : change.state;
  return base::Forbidden(
      v1::ERROR_REASON_CHANGE_DECIDED,
      "the request waits for nobody any more; ask for the change anew",
      {{"change_request", ChangeName(change.id)}, {"state", v1::ChangeState_Name(state)}});
}

absl::Status RequireOther(const Change& change, const Account& requester, const Account& decider) {
  const bool same_person = decider.person && requester.person == decider.person;
  if (decider.name == change.requester || same_person) {
    return Denied(v1::ERROR_REASON_CHANGE_BY_REQUESTER,
                  "who asked for a change does not decide about it; somebody else does");
  }
  if (change.of_person() && decider.person == change.target) {
    return Denied(v1::ERROR_REASON_CHANGE_NOT_YOURS,
                  "nobody decides about a change of his own data; somebody else does");
  }
  return absl::OkStatus();
}

absl::Status RequireOwn(const Change& change, const std::string& account) {
  if (change.requester == account) return absl::OkStatus();
  return Denied(v1::ERROR_REASON_CHANGE_NOT_YOURS,
                "only who asked for a change takes the request back; anybody else rejects it");
}

void End(Change* change, v1::ChangeState state, const std::string& decider, absl::Time now) {
  change->state = state;
  change->decider = decider;
  change->decided_at = now;
}

}  // namespace ieum::registry
