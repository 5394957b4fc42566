// Mails that went out after the backup which this database came back from, as an operator noted
// them
// (`ieumctl mails note-sent`).
#pragma once

#include <vector>

#include "platform/db/tx.h"
#include "services/notify/messages/message.h"

namespace ieum::notify {

bool AnySentBefore(db::Tx& tx);
// PENDING messages among them.
std::vector<Message> FindSentBefore(db::Tx& tx, int limit);

}  // namespace ieum::notify
