// The table `past_consents`: how far registry's ledger was read once more.
#pragma once

#include <cstdint>
#include <vector>

#include "platform/db/tx.h"

namespace ieum::casemgmt {

struct PastShard {
  int shard = 0;
  int64_t pos = 0;     // read up to there
  int64_t cursor = 0;  // the consumer has applied up to there
};
// Those that lag behind the consumer.
std::vector<PastShard> PastShardsBehind(db::Tx& tx);
// Those that have not come to where the consumer stood at the upgrade.
int64_t CountPastShards(db::Tx& tx);
void SavePastShard(db::Tx& tx, int shard, int64_t pos);
// Forgets the shards whose time is over.
void EndPastShards(db::Tx& tx);

}  // namespace ieum::casemgmt
