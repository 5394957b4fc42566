// The balance of each rule and day, and whether it is even.
#pragma once

#include "ieum/notify/v1/message_service.pb.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"

namespace ieum::notify {

const filter::ListSpec& BalanceList();
v1::Balance ReadBalanceRow(const db::Row& row);

// Lines that do not add up; always 0 unless something is broken.
int64_t CountUnbalanced(db::Tx& tx);

}  // namespace ieum::notify
