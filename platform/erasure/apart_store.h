// The table `person_key_apart` of a service that hears from another one whose data are kept apart.
#pragma once

#include <array>
#include <cstdint>

#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::erasure {

// Takes her key out of use, or lets none be made; `shard` and `pos` are those of the event that
// said so. Said again, and of one whose key was destroyed, it changes nothing.
void KeepKeyApart(db::Tx& tx, const base::Uuid& person, int shard, int64_t pos);

// Nothing happens where it is not kept apart.
void PutKeyBack(db::Tx& tx, const base::Uuid& person);

// Those that were kept apart by events behind these positions, which a restored ledger does not
// have any more.
void PutVanishedBack(db::Tx& tx, const std::array<int64_t, base::Uuid::kShards>& kept);

}  // namespace ieum::erasure
