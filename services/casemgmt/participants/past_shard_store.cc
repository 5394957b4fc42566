#include "services/casemgmt/participants/past_shard_store.h"

namespace ieum::casemgmt {

const db::Statement kBehind("past_consents_behind", R"(
  SELECT p.shard, p.pos, c.pos FROM past_consents p
  JOIN inbox_cursor c ON c.producer = 'registry' AND c.shard = p.shard
  WHERE p.pos < c.pos ORDER BY p.shard)");

std::vector<PastShard> PastShardsBehind(db::Tx& tx) {
  std::vector<PastShard> behind;
  for (const auto& row : tx.Exec(kBehind)) {
    behind.push_back({row[0].as<int>(), row[1].as<int64_t>(), row[2].as<int64_t>()});
  }
  return behind;
}

const db::Statement kCount("past_consents_count",
                           "SELECT count(*) FROM past_consents WHERE pos < goal");

int64_t CountPastShards(db::Tx& tx) { return tx.Exec(kCount)[0][0].as<int64_t>(); }

const db::Statement kSave("past_consents_save",
                          "UPDATE past_consents SET pos = $2 WHERE shard = $1");

void SavePastShard(db::Tx& tx, int shard, int64_t pos) { tx.Exec(kSave, shard, pos); }

const db::Statement kEnd("past_consents_end",
                         "DELETE FROM past_consents WHERE until < clock_timestamp()");

void EndPastShards(db::Tx& tx) { tx.Exec(kEnd); }

}  // namespace ieum::casemgmt
