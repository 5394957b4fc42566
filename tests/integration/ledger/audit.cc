#include "tests/integration/ledger/audit.h"

#include "absl/strings/str_cat.h"

namespace ieum::ledger {
namespace {

struct Law {
  const char* says;
  const char* breaches;  // counts them
};

constexpr Law kLaws[] = {
    {"INV2: per shard count = max(pos) = last_pos", R"(
      SELECT count(*) FROM outbox_shard s
      LEFT JOIN (SELECT shard, count(*) AS n, max(pos) AS last, min(pos) AS first
                 FROM event_log GROUP BY shard) e USING (shard)
      WHERE (s.last_pos, s.last_pos) <> (coalesce(e.n, 0), coalesce(e.last, 0))
         OR coalesce(e.first, 1) <> 1)"},
    {"there are sixteen shards and no event beside them", R"(
      SELECT abs(16 - (SELECT count(*) FROM outbox_shard)) +
             (SELECT count(*) FROM event_log WHERE shard NOT BETWEEN 0 AND 15))"},
    {"INV3: an aggregate's versions are 1…n in the order of positions", R"(
      SELECT count(*) FROM (
        SELECT version, row_number() OVER (PARTITION BY aggregate_id ORDER BY pos) AS place
        FROM event_log) e
      WHERE version <> place)"},
    {"INV3: an aggregate's version is its last event's", R"(
      SELECT count(*) FROM aggregate a
      FULL JOIN (SELECT aggregate_id, max(version) AS version FROM event_log GROUP BY 1) e
        ON a.id = e.aggregate_id
      WHERE a.version IS DISTINCT FROM e.version)"},
    {"an aggregate's events are on the shard of its id", R"(
      SELECT count(*) FROM event_log
      WHERE shard <> get_byte(uuid_send(aggregate_id), 15) % 16)"},
    {"event ids are unique", "SELECT count(*) - count(DISTINCT event_id) FROM event_log"},
    {"a stored answer names the event that it speaks of", R"(
      SELECT count(*) FROM command_dedup d
      LEFT JOIN event_log e ON e.shard = d.shard AND e.pos = d.pos
      WHERE d.pos > 0 AND e.version IS DISTINCT FROM d.etag)"},
};

}  // namespace

std::vector<std::string> BrokenLaws(testing::TestDatabase& database) {
  std::vector<std::string> broken;
  for (const Law& law : kLaws) {
    const std::string breaches = database.Ask(law.breaches);
    if (breaches != "0") broken.push_back(absl::StrCat(law.says, ": ", breaches, " breaches"));
  }
  return broken;
}

}  // namespace ieum::ledger
