#include "services/notify/messages/sent_before_store.h"

#include "services/notify/messages/message_columns.h"
#include "services/notify/messages/message_store.h"

namespace ieum::notify {
namespace {

const db::Statement kAny("sent_before_any", "SELECT EXISTS (SELECT FROM sent_before)");

const db::Statement kFind("sent_before_find", "SELECT " MESSAGE_COLUMNS R"(
  FROM message m JOIN sent_before b ON b.message_id = m.id WHERE m.state = 1
  ORDER BY m.id LIMIT $1::bigint)");

}  // namespace

bool AnySentBefore(db::Tx& tx) { return tx.Exec(kAny)[0][0].as<bool>(); }

std::vector<Message> FindSentBefore(db::Tx& tx, int limit) {
  std::vector<Message> messages;
  for (const auto& row : tx.Exec(kFind, limit)) messages.push_back(MessageFrom(row));
  return messages;
}

}  // namespace ieum::notify
