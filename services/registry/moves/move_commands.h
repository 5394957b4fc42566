// What can be done with moves. Whatever moves is locked, behind the gates of its campaigns, so that
// a step of the giving centre comes before the hand-over or is refused after it, and never between.
// row:R24
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/registry/moves/move.h"

namespace ieum::registry {

// One of person, organization and enrolment is given.
struct RequestMoveInput {
  std::optional<base::Uuid> person_id;
  std::optional<base::Uuid> organization_id;
  std::optional<base::Uuid> campaign_id, enrolment_id;
  bool with_workplaces = false;
  std::optional<base::Uuid> from_centre;  // of a firm's, as the caller said
  base::Uuid to_centre;
  std::string reason;
  std::vector<std::string> items;
  std::string etag;  // of the person or the enrolment
};
absl::StatusOr<ledger::Done> RequestMove(ledger::UnitOfWork& work, const RequestMoveInput& input);

struct MoveStepInput {
  base::Uuid id;
  std::string etag;
  std::string reason;  // of a refusal, or of taking it back
};
absl::StatusOr<ledger::Done> AcceptMove(ledger::UnitOfWork& work, const MoveStepInput& input);
absl::StatusOr<ledger::Done> DeclineMove(ledger::UnitOfWork& work, const MoveStepInput& input);
absl::StatusOr<ledger::Done> CancelMove(ledger::UnitOfWork& work, const MoveStepInput& input);

// Writes down that nobody answered, for one who has seen that its time is over. Changes nothing
// when it was answered meanwhile.
absl::StatusOr<ledger::Done> ExpireMove(ledger::UnitOfWork& work, const base::Uuid& id);

// Open moves of a person whose data end, as a part of a use case that has locked them.
void CancelForErasure(ledger::UnitOfWork& work, const std::vector<base::Uuid>& moves);

}  // namespace ieum::registry
