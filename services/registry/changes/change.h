// A change that one person asks for and another one approves: its states, and who may decide. Pure.
// row:R20
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/change_service.pb.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

// So long it can be decided.
inline constexpr absl::Duration kChangeLife = absl::Hours(14 * 24);

// What is changed. The numbers stand in the database.
enum class ChangeKind { kOrganization = 1, kFacts = 2, kLabel = 3, kPerson = 4 };

// What changing such a thing needs.
const char* PermissionOf(ChangeKind kind);

struct Change {
  base::Uuid id;
  ChangeKind kind = ChangeKind::kOrganization;
  base::Uuid target;                // the organization or the person
  std::string part;                 // which record of facts or labels; "" = the thing itself
  std::vector<std::string> fields;  // as sensitive fields are named
  // Values of these fields, a message of the contract each in JSON: Organization,
  // OrganizationFacts, OrganizationLabel or Person. Empty where they were not read, or are gone.
  std::string before, after;
  std::optional<base::Uuid> centre;  // whose staff decide; nullopt = the whole suite's
  v1::ChangeState state = v1::CHANGE_STATE_REQUESTED;
  std::string reason;
  std::string requester;
  absl::Time created_at;
  absl::Time expires_at;
  int64_t seen_version = 0;  // of the target, at which the fields were last as before
  std::string decider;       // "" = nobody
  std::optional<absl::Time> decided_at;
  std::string decide_reason;
  int64_t applied_version = 0;

  bool of_person() const { return kind == ChangeKind::kPerson; }
};

std::string ChangeName(const base::Uuid& id);  // "changeRequests/{uuid}"

// An account, and the person behind it as far as that is known.
struct Account {
  std::string name;
  std::optional<base::Uuid> person;
};

// FAILED_PRECONDITION (CHANGE_DECIDED): it waits no more, or its time is over.
absl::Status RequireWaiting(const Change& change, absl::Time now);
// PERMISSION_DENIED: CHANGE_BY_REQUESTER for the requester, by whichever account; CHANGE_NOT_YOURS
// for the person whom the change is of.
absl::Status RequireOther(const Change& change, const Account& requester, const Account& decider);
// PERMISSION_DENIED (CHANGE_NOT_YOURS) unless this account asked for it.
absl::Status RequireOwn(const Change& change, const std::string& account);

// It ends so, decided by `decider` ("" = by nobody).
void End(Change* change, v1::ChangeState state, const std::string& decider, absl::Time now);

}  // namespace ieum::registry
