// The rows of messages and of every step that they took.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/outcome.h"

namespace ieum::notify {

// PENDING, with its first step. A second message of the same row and person, or of the same notice,
// breaks the transaction: whoever makes one has asked before.
void InsertMessage(db::Tx& tx, const Message& message);

std::optional<Message> FindMessage(db::Tx& tx, const base::Uuid& id);

// Messages of these rows that are PENDING or SENDING. Until commit nobody claims the first, and
// nobody records what became of the second.
std::vector<Message> LockUnsentMessages(db::Tx& tx, const std::vector<base::Uuid>& reminders);
// Of the reminders of these rows, those whose message has not left and is not on its way: row and
// recipient.
std::set<std::pair<base::Uuid, base::Uuid>> UntoldRecipients(
    db::Tx& tx, const std::vector<base::Uuid>& reminders);
// A PENDING one is CANCELLED.
void MarkCancelled(db::Tx& tx, const base::Uuid& id, absl::Time now);
// A SENDING one keeps the first event that cancelled it, for whoever records the attempt.
void MarkCancelledBy(db::Tx& tx, const base::Uuid& id, const base::Uuid& cancelling_event);

// Whether a sender has anything to do now: a row is due, a message may be tried, or one is SENDING.
// One look, for the many times when there is nothing.
bool AnythingToSend(db::Tx& tx, absl::Time now);
// The earliest message that may be tried now becomes `sender`'s: SENDING, one attempt more.
std::optional<Message> ClaimMessage(db::Tx& tx, const base::Uuid& sender, absl::Time now);
// An attempt under way, locked until commit; nullopt when the message is not `sender`'s any more:
// somebody declared it to be in doubt meanwhile, and so it stays.
struct Underway {
  std::optional<base::Uuid> cancelled_by;  // event that cancelled the message meanwhile
};
std::optional<Underway> LockUnderway(db::Tx& tx, const base::Uuid& id, const base::Uuid& sender);
// Writes what became of an attempt that is locked.
void SaveOutcome(db::Tx& tx, const base::Uuid& id, const Outcome& outcome, absl::Time now);
// A message that is SENDING, and whose.
struct Interrupted {
  base::Uuid id;
  base::Uuid sender;
};
std::optional<Interrupted> FindSending(db::Tx& tx);

void MarkResolved(db::Tx& tx, const base::Uuid& id, v1::DoubtResolution resolution,
                  const std::string& note, absl::Time now);

// Messages that wait to be sent, or to be tried again, or are being sent.
int64_t CountUnsentMessages(db::Tx& tx, absl::Time now);

// A message as it is shown. Version 0 = it has no event yet.
struct MessageView {
  Message message;
  int64_t version = 0;
};
std::optional<MessageView> ReadMessage(db::Tx& tx, const base::Uuid& id);
const filter::ListSpec& MessageList();
MessageView ReadMessageRow(const db::Row& row);

}  // namespace ieum::notify
