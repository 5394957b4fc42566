// Commands in, events out, answers remembered. Commands that come while others are being written
// wait for each other and share the next transaction; the events get gapless, commit-ordered
// positions per shard; the answer is stored under the request id in the same transaction, so that a
// repeated request gets the same answer and does nothing.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/clock.h"
#include "platform/db/database.h"
#include "platform/ledger/batch.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::ledger {

// Ledger answers are kept this long; afterwards the aggregate's own id refuses a second creation.
inline constexpr absl::Duration kRequestRetention = absl::Hours(7 * 24);
// With its headers an event must fit into a message of 256 KiB.
inline constexpr size_t kMaxEventBytes = 240 * 1024;

struct Command {
  const char* name;  // for metrics: "CreateOrganization"
  base::Uuid request_id;
  std::string request_hash;  // hash of method and request body
  Caller caller;
  // Not begun after this; DEADLINE_EXCEEDED.
  absl::Time deadline = absl::InfiniteFuture();
  // Shares its transaction with nobody: for one that writes and is then refused on purpose.
  bool alone = false;
};

// How commands share transactions.
struct Sharing {
  int writers = 2;       // such transactions at once; all but one only while others are held up
  size_t commands = 64;  // in one of them
};

// What a use case did: the aggregate that it is about and its resource name.
struct Done {
  base::Uuid aggregate_id;
  std::string name;
};

struct Answer {
  std::string name;
  int64_t etag = 0;
  Position position;      // of the aggregate's last event; pos 0 when the command changed nothing
  bool replayed = false;  // true: the request id was known, nothing was done now
};

class CommandQueue;
struct WaitingCommand;

// Thread-safe.
class Ledger {
 public:
  Ledger(db::Database& database, base::Clock& clock, std::string service, Sharing sharing = {});
  ~Ledger();

  using UseCase = absl::FunctionRef<absl::StatusOr<Done>(UnitOfWork&)>;
  // Runs the use case, on this thread or on that of another caller, in a transaction of its own or
  // together with other commands; it may be run several times and must change nothing outside of
  // the transaction. Refusals of the use case come back as they are and leave nothing; every answer
  // is given after COMMIT. Where commands that share a transaction stand in each other's way, those
  // that do run again in transactions of their own. ALREADY_EXISTS (REQUEST_ID_REUSED) when the id
  // came with another hash. UNAVAILABLE when the outcome is not known: the same command may be sent
  // again. A commit in doubt is tried again here first, with the same ids, so the stored answer
  // decides.
  absl::StatusOr<Answer> Run(const Command& command, UseCase use_case);

  // Runs `body` as part of a transaction that somebody else commits (a consumer moving its
  // position, a timer). Events become visible with that commit; call Committed() after it.
  absl::Status RunWithin(db::Tx& tx, Caller caller, const base::Uuid& seed,
                         absl::FunctionRef<absl::Status(UnitOfWork&)> body,
                         std::vector<PendingEvent>* appended);

  // The same for several bodies at once, one after the other, each a unit with ids of its own seed:
  // one statement locks the aggregates of all of them, one writes all events. The first refusal
  // ends it and comes back; the transaction is then to be rolled back. `appended`: whether there
  // are events.
  absl::Status RunAllWithin(db::Tx& tx, absl::Span<const Part> parts, bool* appended);

  // Commands that wait for a writer now.
  size_t waiting() const;

  // Whoever carries events on is told after each commit, on the committing thread; it must not
  // block. Set before the first command.
  void OnCommitted(std::function<void()> callback) { on_committed_ = std::move(callback); }
  void Committed() const {
    if (on_committed_) on_committed_();
  }

  // A contiguous run from `from`, at most `max_events` and about `max_bytes` of payload, but at
  // least one event when there is one. INVALID_ARGUMENT for a shard that does not exist.
  absl::StatusOr<platform::v1::ReadLogResponse> ReadLog(int shard, int64_t from, int max_events,
                                                        size_t max_bytes);
  // Last position of each shard, index = shard.
  absl::StatusOr<std::vector<int64_t>> Positions();
  absl::StatusOr<int64_t> Epoch();
  // Deletes answers past their retention, at most `limit`; returns how many.
  absl::StatusOr<int64_t> PruneAnswers(int limit);

  const std::string& service() const { return service_; }
  base::Clock& clock() { return clock_; }
  db::Database& database() { return database_; }

 private:
  // In a transaction of its own. `appended`: by an earlier run whose commit was in doubt.
  absl::StatusOr<Answer> RunAlone(const Command& command, UseCase use_case, bool appended);
  absl::StatusOr<Answer> RunOnce(const Command& command, UseCase use_case, bool* appended);
  void Lead(WaitingCommand& first);
  void RunTogether(std::vector<WaitingCommand*> commands);

  db::Database& database_;
  base::Clock& clock_;
  std::string service_;
  std::function<void()> on_committed_;
  std::unique_ptr<CommandQueue> queue_;
};

}  // namespace ieum::ledger
