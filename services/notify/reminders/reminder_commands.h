// Use cases of the plan: what events do to it, and the release of what is due.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/ledger/ledger.h"
#include "services/notify/reminders/occasion.h"
#include "services/notify/rules/rule_shelf.h"

namespace ieum::notify {

// Lets an event do what the rules say, within the reaction's transaction. An event that no rule
// listens to, and one that was applied already, changes nothing. An error means that the event
// breaks its contract.
// `erased`: whom the event says to have been erased; what waits to be sent to her is cancelled with
// it, whatever the rules say.
absl::Status PlanFromEvent(ledger::UnitOfWork& work, RuleShelf& shelf, const IncomingEvent& event,
                           const std::optional<base::Uuid>& erased = std::nullopt);

// Which of these events are about a subject of some rule, as the rules are now; the others change
// nothing. The subjects' plans are locked until commit, all at once, so that two transactions with
// several events each never wait for each other in a circle.
std::vector<bool> LockConcerned(db::Tx& tx, RuleShelf& shelf,
                                const std::vector<IncomingEvent>& events);

// Releases the earliest rows that are due at `now`, in one transaction: a row is final and its
// messages wait to be sent, or it is skipped because its useful time is over. A row whose subject
// somebody else holds just now is left for the next call, unless there is no other. False: none is
// due.
absl::StatusOr<bool> ReleaseDueReminders(ledger::Ledger& ledger, absl::Time now);

}  // namespace ieum::notify
