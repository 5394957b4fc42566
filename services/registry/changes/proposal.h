// What a change would make, whatever it is of: checked by the use cases of its own room, described
// by the fields that would become others, and made by those use cases. Within the transaction of
// who asks for it or approves it.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/registry/changes/change.h"
#include "services/registry/organizations/dated_record_commands.h"
#include "services/registry/organizations/organization_commands.h"
#include "services/registry/people/person_commands.h"

namespace ieum::registry {

using WantedChange =
    std::variant<UpdateOrganizationInput, RecordFactsInput, RecordLabelInput, UpdatePersonInput>;

ChangeKind KindOf(const WantedChange& wanted);
// The organization or the person.
base::Uuid TargetOf(const WantedChange& wanted);
// What is to be locked for making it.
std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const WantedChange& wanted);

// A change that would be made.
struct Proposal {
  // Kind, target, part, fields, before and after of it, and its owner's centre.
  Change change;
  bool everybodys = false;  // of a firm: whose staff decide is said by who asks
  std::function<absl::Status()> make;
};
// Refused as the change itself; CHANGE_EMPTY. What LocksOf said is locked.
absl::StatusOr<Proposal> Propose(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                 const WantedChange& wanted);

// What was asked for, from its values; they were read.
absl::StatusOr<WantedChange> WantedOf(const Change& change);

// Those of its fields that are not any more as they were when it was asked for.
absl::StatusOr<std::vector<std::string>> StaleFields(ledger::UnitOfWork& work,
                                                     const db::PersonKeys& keys,
                                                     const Change& change);
// From what to what, for who may see it; none where the values are gone.
std::vector<v1::ProposedValue> ValuesOf(const Change& change);

}  // namespace ieum::registry
