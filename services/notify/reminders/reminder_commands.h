// Use cases of the plan: what events do to it, and the release of what is due.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/ledger/ledger.h"
#include "services/notify/reminders/occasion.h"

namespace ieum::notify {

// Lets an event do what the rules say, within the reaction's transaction. An event that no rule
// listens to, and one that was applied already, changes nothing. An error means that the event
// breaks its contract.
absl::Status PlanFromEvent(ledger::UnitOfWork& work, const IncomingEvent& event);

// Releases the earliest row that is due at `now`, in a transaction of its own: the row is final and
// its messages wait to be sent, or it is skipped because its useful time is over. False: none is
// due.
absl::StatusOr<bool> ReleaseNextReminder(ledger::Ledger& ledger, absl::Time now);

}  // namespace ieum::notify
