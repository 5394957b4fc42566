// What can be done with changes that need two people. The request and what it is of are locked
// together, so that nobody changes the one beside a decision about the other. row:R20
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/changes/change.h"
#include "services/registry/changes/proposal.h"

namespace ieum::registry {

// For which centres the caller could make the change alone, if no field were sensitive: nobody asks
// for a change, or approves one, that he may not make. PERMISSION_DENIED.
struct RequestChangeInput {
  WantedChange wanted;
  std::string reason;
  std::optional<base::Uuid> centre;  // of a firm: whose staff decide
  base::Scope may_change;
};
// `made`: what was asked for, with its values; nullptr = nobody wants to know.
absl::StatusOr<ledger::Done> RequestChange(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const RequestChangeInput& input, Change* made);

struct DecideChangeInput {
  base::Uuid id;
  std::string reason;  // of a refusal
  std::string etag;
  base::Scope may_change = {};  // of an approval, as above
};
// Makes the change, too. CHANGE_STALE, and as the change itself is refused.
absl::StatusOr<ledger::Done> ApproveChange(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                           const DecideChangeInput& input);
absl::StatusOr<ledger::Done> RejectChange(ledger::UnitOfWork& work, const DecideChangeInput& input);
absl::StatusOr<ledger::Done> WithdrawChange(ledger::UnitOfWork& work,
                                            const DecideChangeInput& input);

// Ends one whose time is over, or whose fields have become others; one that is neither is noted as
// looked at.
absl::StatusOr<ledger::Done> SettleDueChange(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                             const base::Uuid& id);

// Of a person who is erased: who has locked her and these requests ends them, and their values go.
std::vector<base::Uuid> WaitingChangesOf(db::Tx& tx, const base::Uuid& person);
void CancelChanges(ledger::UnitOfWork& work, const base::Uuid& person);

struct SetSensitiveFieldsInput {
  std::optional<base::Uuid> centre;
  std::vector<std::string> fields;
  std::string etag;
};
// Sets nothing anew where the list is what it was.
absl::StatusOr<ledger::Done> SetSensitiveFields(ledger::UnitOfWork& work,
                                                const SetSensitiveFieldsInput& input);

}  // namespace ieum::registry
