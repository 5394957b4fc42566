// A move of ownership (관할 이관): what one centre keeps goes over to another one. Nothing is
// copied: the rows stay, with their ids, and belong to the other centre from one instant on. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/consent_types.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/move_service.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/enrolments/enrolment.h"

namespace ieum::registry {

// The receiving centre answers within so many days; the day of asking does not count.
inline constexpr int kMoveAnswerDays = 14;

struct Move {
  base::Uuid id;
  v1::MoveKind kind = v1::MOVE_KIND_UNSPECIFIED;
  std::optional<base::Uuid> person_id;                  // whose data, or who takes part
  std::optional<base::Uuid> organization_id;            // of what is of a firm
  std::optional<base::Uuid> campaign_id, enrolment_id;  // of one enrolment
  bool with_workplaces = false;
  std::optional<base::Uuid> from_centre;  // nullopt = the whole suite
  base::Uuid to_centre;
  std::string reason;
  std::vector<std::string> items;  // what is provided, in the words of the consent
  v1::MoveState state = v1::MOVE_STATE_REQUESTED;
  v1::MoveBasis basis = v1::MOVE_BASIS_UNSPECIFIED;
  std::optional<base::Uuid> consent_receipt;
  std::vector<v1::MovePart> parts;  // of an accepted one
  absl::Time created_at;
  std::string requester;
  absl::Time expires_at;  // the first instant at which it cannot be accepted
  std::optional<absl::Time> decided_at;
  std::string decider, decision_reason;
  v1::MoveCancelCause cancel_cause = v1::MOVE_CANCEL_CAUSE_UNSPECIFIED;
  int ownership_epoch = 0;  // of the person or the one enrolment, once accepted
};

std::string MoveName(const base::Uuid& id);  // "moves/{uuid}"

// The end of the last day on which a move that is asked for at `now` can be accepted.
absl::Time MoveEnd(absl::Time now);

// Whether an enrolment goes on, so that somebody has to look after it: what was denied, withdrawn
// or completed stays where that was done.
bool GoesOn(v1::EnrolmentState state);

// The ends of an open move; a refusal changes nothing. MOVE_STATE for one that is decided.
// Accepting: MOVE_STATE from `expires_at` on, whether or not that was written down;
// MOVE_NEEDS_ANOTHER for the account that asked; who is behind accounts is not known here.
absl::Status Accept(Move* move, const std::string& decider, absl::Time now);
absl::Status Decline(Move* move, const std::string& decider, const std::string& reason,
                     absl::Time now);
absl::Status Cancel(Move* move, v1::MoveCancelCause cause, const std::string& decider,
                    const std::string& reason, absl::Time now);
absl::Status Expire(Move* move);

// MOVE_BASIS_MISSING, saying why her consent does not cover it. law:L02
absl::Status BasisMissing(const base::Uuid& person, v1::ConsentRefusal refusal);
// MOVE_NEEDS_ANOTHER.
absl::Status NeedsAnother(const Move& move);
// MOVE_STALE.
absl::Status Stale(const Move& move);

// What events say of it.
v1::MoveFacts MoveFactsOf(const Move& move);

}  // namespace ieum::registry
