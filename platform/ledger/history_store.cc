#include "platform/ledger/history_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::ledger {

filter::ListSpec HistoryList(const std::string& without) {
  return {.columns = "e.version, e.type, e.occurred_at, e.actor, e.correlation_id",
          .from = "event_log e",
          .fields = {{"version", filter::Int("e.version").NotNull()},
                     {"change_time", filter::Timestamp("e.occurred_at").NotNull()},
                     {"actor", filter::Text("e.actor").NotNull()},
                     {"request_id", filter::Text("e.correlation_id").NotNull()}},
          .key = "version",
          .default_order = "version desc",
          .fixed = without.empty() ? "TRUE" : absl::StrCat("e.type NOT IN (", without, ")")};
}

HistoryEntry ReadHistoryEntry(const db::Row& row) {
  return {.version = row[0].as<int64_t>(),
          .type = db::AsText(row[1]),
          .at = db::AsTime(row[2]),
          .actor = db::AsText(row[3]),
          .request_id = db::AsText(row[4])};
}

}  // namespace ieum::ledger
