// The rows of messages and of every step that they took; those on their way are in sending_store.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/notify/messages/message.h"

namespace ieum::notify {

// What the ids of messages are made with.
base::Uuid MessageSeed(db::Tx& tx);

// PENDING, each with its first step. A second message of the same row and person, or of the same
// notice, breaks the transaction: whoever makes one has asked before.
void InsertMessages(db::Tx& tx, const std::vector<Message>& messages);

// A message of a centre that the scope does not hold is as if it were not there.
std::optional<Message> FindMessage(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

// Messages of these rows that are PENDING or SENDING. Until commit nobody claims the first, and
// nobody records what became of the second.
std::vector<Message> LockUnsentMessages(db::Tx& tx, const std::vector<base::Uuid>& reminders);
// The same of messages to this person, of whatever row.
std::vector<Message> LockUnsentTo(db::Tx& tx, const base::Uuid& person);
// Of the reminders of these rows, those whose message has not left and is not on its way: row and
// recipient.
std::set<std::pair<base::Uuid, base::Uuid>> UntoldRecipients(
    db::Tx& tx, const std::vector<base::Uuid>& reminders);
// A PENDING one is CANCELLED.
void MarkCancelled(db::Tx& tx, const base::Uuid& id, absl::Time now);
// A SENDING one keeps the first event that cancelled it, for whoever records the attempt.
void MarkCancelledBy(db::Tx& tx, const base::Uuid& id, const base::Uuid& cancelling_event);

void MarkResolved(db::Tx& tx, const base::Scope& scope, const base::Uuid& id,
                  v1::DoubtResolution resolution, const std::string& note, absl::Time now);

// A message as it is shown. Version 0 = it has no event yet.
struct MessageView {
  Message message;
  int64_t version = 0;
};
std::optional<MessageView> ReadMessage(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
const filter::ListSpec& MessageList();
// The same for who may not see every recipient: nothing is asked of persons.
const filter::ListSpec& MessageListWithoutPersons();
MessageView ReadMessageRow(const db::Row& row);

}  // namespace ieum::notify
