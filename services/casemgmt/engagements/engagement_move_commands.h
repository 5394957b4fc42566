// What follows here when registry moves an enrolment to another centre: the engagement that it came
// of goes with it, so that one centre looks after the whole.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "platform/ledger/ledger.h"

namespace ieum::casemgmt {

struct FollowMoveInput {
  base::Uuid engagement_id;
  std::optional<base::Uuid> from, to;  // nullopt = the whole suite
  std::string move_id;                 // registry's
};
// Told twice it does nothing; an engagement that is not the giving centre's stays where it is, and
// one that is not known here is nobody's. row:R24
absl::Status FollowMove(ledger::UnitOfWork& work, const FollowMoveInput& input);

}  // namespace ieum::casemgmt
