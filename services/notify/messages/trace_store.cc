#include "services/notify/messages/trace_store.h"

#include <map>

namespace ieum::notify {
namespace {

const db::Statement kTraces("message_traces", R"(
  SELECT DISTINCT ON (aggregate_id, causation_id) aggregate_id, causation_id, traceparent
  FROM event_log WHERE aggregate_id = ANY($1::uuid[])
  ORDER BY aggregate_id, causation_id, version)");

}  // namespace

std::vector<std::string> TracesOf(db::Tx& tx, const std::vector<Origin>& origins) {
  std::vector<base::Uuid> reminders;
  for (const Origin& origin : origins) reminders.push_back(origin.reminder);
  std::map<std::pair<base::Uuid, std::string>, std::string> traces;
  for (const auto& row : tx.Exec(kTraces, db::ArrayOf(reminders))) {
    traces[{db::AsUuid(row[0]), db::AsText(row[1])}] = db::AsText(row[2]);
  }
  std::vector<std::string> found;
  for (const Origin& origin : origins) {
    found.push_back(traces[{origin.reminder, origin.cause.ToString()}]);
  }
  return found;
}

}  // namespace ieum::notify
