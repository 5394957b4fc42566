// Who changed an aggregate, when and by which request: what the ledger says of it.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"

namespace ieum::ledger {

struct HistoryEntry {
  int64_t version = 0;  // of the aggregate, that the event made
  std::string type;     // of the event
  absl::Time at;        // business time
  std::string actor;
  // The request that began it; what followed from it has the same.
  std::string request_id;
};

// Events of all aggregates, the latest version first; the door narrows it to one by
// `e.aggregate_id`, on which it stands in an index. Fields: version, change_time, actor,
// request_id. `without`: types that say nothing of the aggregate's own fields; quoted names, or
// empty.
filter::ListSpec HistoryList(const std::string& without);
HistoryEntry ReadHistoryEntry(const db::Row& row);

}  // namespace ieum::ledger
