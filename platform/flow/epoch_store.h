// The rows of epochs: how this ledger's own began, and which of the producers' were gone over to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/database.h"
#include "platform/flow/epoch_entry.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow {

// Running hash kept at this position; nullopt when none was.
absl::StatusOr<std::optional<uint64_t>> LoadCheckHash(db::Database& database,
                                                      const std::string& producer, int shard,
                                                      int64_t pos);
// True while a new epoch waits for an operator.
absl::StatusOr<bool> AnyEpochOpen(db::Database& database);
// Accepts what is open of this producer; returns how many epochs.
absl::StatusOr<int64_t> AcceptEpochs(db::Database& database, const std::string& producer,
                                     std::string_view reason);
// Whether this ledger holds this very event at its position. The id alone would not tell: what a
// reaction decides again after a restore has the id that it had before.
absl::StatusOr<bool> HasEvent(db::Database& database, const platform::v1::LedgerEvent& event);

// The following run inside the caller's transaction.

// Moves the cursors from where `before` says; false when one does not stand there. Open when
// something vanished.
bool EnterEpoch(db::Tx& tx, const std::string& producer, const InboxState& before,
                const EpochEntry& entry);
// Dead letters of positions that are gone count as discarded; aggregates that waited only for them
// go on.
void DropVanishedLetters(db::Tx& tx, const Rewind& rewind);

// Takes the counters, so that nobody appends until the transaction ends.
LedgerHead LockHead(db::Tx& tx);
// "relay (registry/4711/…)" of a lease that somebody holds; "" when nobody does.
std::string LiveLease(db::Tx& tx);
void InsertEpoch(db::Tx& tx, const std::string& service, int64_t epoch, const ShardPositions& kept,
                 std::string_view reason, const std::vector<platform::v1::LedgerEvent>& vanished);

}  // namespace ieum::flow
