// Going over to a producer's new epoch: its ledger came back from a backup without its end, and an
// operator has declared so. What of it had been applied here is compared with what is there now.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/db/database.h"
#include "platform/flow/consumer_core.h"
#include "platform/flow/log_reader.h"
#include "platform/flow/subscriptions.h"

namespace ieum::flow {

struct EpochEntry {
  int64_t epoch = 0;
  std::array<InboxState::Cursor, kShards> cursors;  // where to go on
  int64_t vanished = 0;                             // applied here and not there any more
};

// The running hash that was kept at a multiple of kCheckEvery; nullopt when there is none.
using KeptHash = std::function<absl::StatusOr<std::optional<uint64_t>>(int shard, int64_t pos)>;

// Where each shard goes on: at the last position that the new epoch has in common with the old one,
// or where it stood. Nothing is believed: the hash of what was applied must be that of the ledger,
// up to the cursor where nothing vanished, and else in the last whole block before.
// FAILED_PRECONDITION when it is not, or when the ledger does not tell how its epochs began;
// UNAVAILABLE when it cannot be read or has no epoch as great as `epoch`.
absl::StatusOr<EpochEntry> CompareWithLedger(const std::string& producer, const InboxState& state,
                                             int64_t epoch, const LogReader& reader,
                                             const KeptHash& kept);

// Compares, and moves the positions in one transaction, together with `undo` (may be empty) and the
// dead letters of what vanished. ABORTED when somebody else has moved a position meanwhile.
absl::StatusOr<EpochEntry> EnterNewEpoch(db::Database& database, const std::string& producer,
                                         int64_t epoch, const LogReader& reader, const Undo& undo);

}  // namespace ieum::flow
