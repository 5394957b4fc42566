// How far everything is, read in one instant.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/database.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow {

// Fills epoch, ledger_positions, consumers and dead_letters; returns what the database believes to
// be published.
absl::StatusOr<ShardPositions> ReadProgress(db::Database& database,
                                            platform::v1::Progress* progress);

// When an event of this service's ledger was written, by the database's clock.
absl::StatusOr<std::optional<absl::Time>> RecordedAt(db::Database& database, int shard,
                                                     int64_t pos);

}  // namespace ieum::flow
