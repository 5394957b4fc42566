// The balance of each rule and day, and whether it is even.
#pragma once

#include "ieum/notify/v1/message_service.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"

namespace ieum::notify {

const filter::ListSpec& BalanceList();
v1::Balance ReadBalanceRow(const db::Row& row);

// What is watched of all lines together.
struct BalanceWatch {
  int64_t unbalanced = 0;  // lines that do not add up; always 0 unless something is broken
  int64_t in_doubt = 0;    // messages IN_DOUBT that nobody has resolved
};
BalanceWatch WatchBalance(db::Tx& tx);

}  // namespace ieum::notify
