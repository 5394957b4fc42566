// What can be done with programmes and editions.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/programme_service.pb.h"
#include "platform/ledger/ledger.h"
#include "services/registry/programmes/edition.h"

namespace ieum::registry {

absl::StatusOr<ledger::Done> RegisterProgramme(ledger::UnitOfWork& work, const std::string& code,
                                               const v1::Programme& wanted);

struct ChangeProgrammeInput {
  std::string code;
  std::string etag;
  // Given the names as they are, makes of them what they shall be.
  std::function<absl::Status(v1::Programme*)> change;
};
absl::StatusOr<ledger::Done> ChangeProgramme(ledger::UnitOfWork& work,
                                             const ChangeProgrammeInput& input);

absl::StatusOr<ledger::Done> PlanEdition(ledger::UnitOfWork& work, const EditionKey& key,
                                         const v1::Edition& wanted);

struct ChangeEditionInput {
  EditionKey key;
  std::string etag;
  // Given the terms as they are, makes of them what they shall be.
  std::function<absl::Status(v1::Edition*)> change;
};
// After the approval every activity that moved, came or went is told.
absl::StatusOr<ledger::Done> ChangeEdition(ledger::UnitOfWork& work,
                                           const ChangeEditionInput& input);

absl::StatusOr<ledger::Done> CopyEdition(ledger::UnitOfWork& work,
                                         const v1::CopyEditionRequest& request);

struct EditionStepInput {
  EditionKey key;
  std::string etag;
};
// Tells the whole plan: its targets in one event, each activity in one of its own.
absl::StatusOr<ledger::Done> ApproveEdition(ledger::UnitOfWork& work,
                                            const EditionStepInput& input);
absl::StatusOr<ledger::Done> AdvanceEdition(ledger::UnitOfWork& work, const EditionStepInput& input,
                                            v1::EditionState state);

// Whether a campaign of this edition may be planned: EDITION_UNKNOWN for one that a registered
// programme does not have or has closed. A programme that nobody registered has any edition.
absl::Status CheckEditionOfCampaign(db::Tx& tx, const EditionKey& key);

}  // namespace ieum::registry
