// How far everything is, read in one instant.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/database.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow {

// Fills epoch, ledger_positions, consumers and dead_letters; returns what the database believes to
// be published.
absl::StatusOr<ShardPositions> ReadProgress(db::Database& database,
                                            platform::v1::Progress* progress);

}  // namespace ieum::flow
