// Use cases of messages: what became of an attempt, of one that was interrupted, and what staff
// found out.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/ledger/ledger.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/outcome.h"

namespace ieum::notify {

// A PENDING message that is locked will not be sent; of a SENDING one the attempt under way is the
// last, and RecordOutcome cancels what it leaves waiting. Part of a larger use case, which has
// locked it.
void CancelMessage(ledger::UnitOfWork& work, const Message& message,
                   const base::Uuid& cancelling_event);

// Takes the earliest message that may be tried now, in a commit of its own; nullopt = there is
// none.
absl::StatusOr<std::optional<Message>> TakeMessage(db::Database& database, const base::Uuid& sender,
                                                   absl::Time now);

// Records what became of the attempt, with its event, in one transaction. May be called again with
// the same values. What would wait again is cancelled when that was asked for during the attempt. A
// message that somebody else declared to be in doubt meanwhile stays so.
absl::Status RecordOutcome(ledger::Ledger& ledger, const base::Uuid& sender, const Message& message,
                           const Outcome& outcome);

// Looks for one message that is SENDING although `sender` has none in its hands, and settles it:
// another process's is IN_DOUBT, for that process has died or lost its leadership; one's own was
// never sent and waits again. False when there is none.
absl::StatusOr<bool> SettleInterrupted(ledger::Ledger& ledger, const base::Uuid& sender);

struct ResolveDoubtInput {
  base::Uuid id;
  v1::DoubtResolution resolution = v1::DOUBT_RESOLUTION_UNSPECIFIED;
  std::string note;
  std::string etag;
};
// NOT_FOUND, STALE_ETAG, MESSAGE_NOT_IN_DOUBT.
absl::StatusOr<ledger::Done> ResolveDoubt(ledger::UnitOfWork& work, const ResolveDoubtInput& input);

}  // namespace ieum::notify
