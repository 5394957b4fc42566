// INV2: in every shard as many events as its last position, and its counter says so: nothing was
// ever removed, left out or numbered twice.
#pragma once

#include <array>
#include <string>

#include "absl/status/status.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// Pure: the shards of one ledger by their counts. True when all hold.
bool JudgePositions(const std::string& service,
                    const std::array<ShardCount, base::Uuid::kShards>& counts, Tally& tally);

absl::Status CheckPositions(Subject& subject, Tally& tally);

}  // namespace ieum::audit
