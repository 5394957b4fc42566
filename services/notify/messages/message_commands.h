// Use cases of messages: what became of attempts, of those that were interrupted, and what staff
// found out.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "platform/ledger/ledger.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/outcome.h"

namespace ieum::notify {

// A PENDING message that is locked will not be sent; of a SENDING one the attempt under way is the
// last, and whoever records it cancels what it leaves waiting. Part of a larger use case, which has
// locked it.
void CancelMessage(ledger::UnitOfWork& work, const Message& message,
                   const base::Uuid& cancelling_event);

// In one transaction: records what became of these attempts of `sender`, each with its event, and
// makes those of `wanted` that are still as they were read `sender`'s. Ids of these.
//
// May be called again with the same values. What would wait again is cancelled when that was asked
// for during the attempt. A message that somebody else declared to be in doubt meanwhile stays so.
absl::StatusOr<std::set<base::Uuid>> RecordAndClaim(ledger::Ledger& ledger,
                                                    const base::Uuid& sender,
                                                    absl::Span<const Attempted> done,
                                                    absl::Span<const Message> wanted);

// Looks for messages that are SENDING although `sender` has none in its hands, and settles some:
// another process's are IN_DOUBT, for that process has died or lost its leadership; one's own were
// never sent and wait again. `settled` is called with each that was written down. False when there
// are none.
absl::StatusOr<bool> SettleInterrupted(ledger::Ledger& ledger, const base::Uuid& sender,
                                       const std::function<void(const Attempted&)>& settled = {});

// Before the first message of a term: see sending_store.
absl::Status PutQueueInOrder(ledger::Ledger& ledger);

struct ResolveDoubtInput {
  base::Uuid id;
  v1::DoubtResolution resolution = v1::DOUBT_RESOLUTION_UNSPECIFIED;
  std::string note;
  std::string etag;
};
// NOT_FOUND, STALE_ETAG, MESSAGE_NOT_IN_DOUBT.
absl::StatusOr<ledger::Done> ResolveDoubt(ledger::UnitOfWork& work, const ResolveDoubtInput& input);

}  // namespace ieum::notify
