// Declaring a new epoch of this service's ledger, after it came back from a backup without its end.
// Only an operator can know that it was restored; what it has in common with the ledger before is
// found out here, from what was published.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/broker/connection.h"
#include "platform/db/database.h"
#include "platform/flow/relay_core.h"

namespace ieum::flow {

struct NewEpochRequest {
  std::string service;
  std::string reason;
  // Any instant between the end of the restore and the first command that the restored ledger took.
  // Decides which events are new where the stream cannot, because it was lost too.
  std::optional<absl::Time> restored_at;
};

struct NewEpoch {
  int64_t epoch = 0;
  ShardPositions kept{};                            // in common with the epoch before
  std::vector<platform::v1::LedgerEvent> vanished;  // published, and not in the ledger any more
  bool stream_was_read = false;
};

// No process of the service may run. FAILED_PRECONDITION when one holds a lease, and when
// `restored_at` is missing but the stream shows no loss or does not reach back to the restore;
// UNAVAILABLE when it is missing and the broker does not answer; ABORTED when somebody appended
// meanwhile. Nothing has changed then.
absl::StatusOr<NewEpoch> DeclareNewEpoch(db::Database& database, broker::Connection& connection,
                                         const NewEpochRequest& request);

}  // namespace ieum::flow
