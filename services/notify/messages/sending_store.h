// The rows of messages on their way: who may be tried, who is being tried, and what came of it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/types/span.h"
#include "platform/db/tx.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/outcome.h"

namespace ieum::notify {

// Whether a sender has anything to do now: a row is due, a message may be tried, or one is SENDING.
// One look, for the many times when there is nothing.
bool AnythingToSend(db::Tx& tx, absl::Time now);
// Messages that wait to be sent, or to be tried again, or are being sent.
int64_t CountUnsentMessages(db::Tx& tx, absl::Time now);

// PENDING messages that may be tried now, the earliest first. They are not claimed by this.
std::vector<Message> FindSendable(db::Tx& tx, absl::Time now, int limit);
// Those of these that are still as they were read become `sender`'s: SENDING, one attempt more. A
// row that somebody else holds just now is left out; so nobody waits here. Ids of the claimed.
std::set<base::Uuid> ClaimMessages(db::Tx& tx, const base::Uuid& sender,
                                   absl::Span<const Message> messages, absl::Time now);

// Attempts under way, locked until commit, each with the event that cancelled its message
// meanwhile. One that is missing is not `sender`'s any more: its outcome is recorded, or somebody
// declared it to be in doubt, and so it stays.
using Underway = std::map<base::Uuid, std::optional<base::Uuid>>;
Underway LockUnderway(db::Tx& tx, const base::Uuid& sender, const std::vector<base::Uuid>& ids);
// Writes what became of attempts that are locked.
void SaveOutcomes(db::Tx& tx, const std::vector<Attempted>& attempts, absl::Time now);

// Messages that are SENDING, of one sender.
struct Interrupted {
  base::Uuid sender;
  std::vector<Message> messages;
};
// Some of the sender whose is the earliest; nullopt = nothing is SENDING.
std::optional<Interrupted> FindInterrupted(db::Tx& tx, int limit);

// Removes what stands in the queue and does not wait any more, and counts the steps of what does:
// an earlier program, which may have worked beside ours, knew of neither.
void SweepQueue(db::Tx& tx);

}  // namespace ieum::notify
