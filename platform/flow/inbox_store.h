// What a consumer keeps in its own database: cursors, stream hint, parked aggregates, dead letters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/db/database.h"
#include "platform/flow/consumer_core.h"

namespace ieum::flow {

// Where PostgreSQL holds a cursor's row now: a hint, empty when it is not known. By its key a row
// is found over all its old versions, and beside a long transaction those are never cleaned away.
using RowPlace = std::string;

// A shard's cursor from `from` to `to`.
struct CursorMove {
  int shard = 0;
  int64_t from = 0;
  int64_t to = 0;
  int64_t epoch = 0;
  uint64_t check_hash = 0;  // at `to`
  RowPlace place;           // before it moves; afterwards where it went, true once committed
};

struct CheckPoint {
  int shard = 0;
  int64_t pos = 0;
  int64_t epoch = 0;
  uint64_t check_hash = 0;
};

// Reads the state, making the rows of a producer that is listened to for the first time.
absl::StatusOr<InboxState> LoadInbox(db::Database& database, const std::string& producer);
absl::StatusOr<absl::flat_hash_set<base::Uuid>> LoadParked(db::Database& database,
                                                           const std::string& producer);

// The stream hint: relaxed, because losing it only costs some repeats.
absl::Status SaveStreamHint(db::Database& database, const std::string& producer,
                            const std::optional<absl::Time>& created, int64_t incarnation,
                            uint64_t resume_seq);

// The following run inside the caller's transaction.

// False when a cursor does not stand where we believe: somebody else has moved it. `moves` in the
// order of their shards.
bool MoveCursors(db::Tx& tx, const std::string& producer, std::vector<CursorMove>& moves);
void SaveCheckPoints(db::Tx& tx, const std::string& producer,
                     const std::vector<CheckPoint>& points);
// Which of `aggregates` are parked; they stay so until the transaction ends.
absl::flat_hash_set<base::Uuid> StillParked(db::Tx& tx, const std::string& producer,
                                            const std::vector<base::Uuid>& aggregates);
void Park(db::Tx& tx, const std::string& producer, const base::Uuid& aggregate,
          std::string_view reason);
void InsertDeadLetter(db::Tx& tx, const ReceivedEvent& event, int attempts, std::string_view error);

}  // namespace ieum::flow
