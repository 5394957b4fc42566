// Several units of work in one transaction, written together at its end: one statement for the
// versions of all new aggregates, one for those of all others, one for all events.
//
// Units run one after the other. Each sees what those before it have done: rows, because it is one
// transaction, and versions, because the batch keeps them. What one unit locked is locked for all.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "platform/ledger/own_reads.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::ledger {

// One unit to be: who asks, what its ids are derived from, and what it does. `body` may be begun
// more than once before it is run, see LockAhead; it changes nothing outside of the transaction.
struct Part {
  Caller caller;
  base::Uuid seed;  // request id, or id of the causing event
  std::function<absl::Status(UnitOfWork&)> body;
};

// Lives inside one transaction on one thread.
class Batch {
 public:
  // What happens at an aggregate that another transaction has locked.
  enum class Busy {
    kWait,   // until that one ends
    kLeave,  // Lock ends the transaction as a conflict; LockAhead says so
  };
  // `now`: business time of all units. `service`: two services that react to one event must not
  // make one id.
  Batch(db::Tx& tx, absl::Time now, std::string service, Busy busy = Busy::kWait);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  enum class Ahead {
    kReady,      // what it will lock is locked; it locks nothing and finds that out
    kBusy,       // something is locked by another transaction (only with Busy::kLeave)
    kAsksFirst,  // it asks the database before it locks, so nobody knows what it will lock
  };
  // Finds out what the parts will lock, by running each until it does, and locks all of that in id
  // order in one statement. Before the first Run; may be left out.
  std::vector<Ahead> LockAhead(absl::Span<const Part> parts);

  // Runs one part. A refusal comes back as it is, and its events are forgotten; its rows are not,
  // so that whoever goes on with the transaction asks Tx::changes() first.
  absl::Status Run(const Part& part);
  // Units that ran well, in order. They live as long as the batch.
  const std::deque<UnitOfWork>& units() const { return units_; }

  // Writes versions, counters and events of all units; only then do events have positions. The
  // last statements before COMMIT, but for stored answers.
  void Finish();
  bool appended() const { return appended_; }

 private:
  friend class UnitOfWork;
  struct Version {
    int64_t before = 0;
    int64_t now = 0;
    std::string kind;
  };

  db::Tx& tx() { return tx_; }
  OwnReads& own_reads() { return own_reads_; }
  bool untouched() const { return tx_.changes() == changes_before_; }  // by the unit that runs
  absl::Time now() const { return now_; }
  void Lock(const std::vector<base::Uuid>& ids);
  int64_t VersionOf(const base::Uuid& id) const;
  int64_t Raise(const base::Uuid& id, std::string_view kind);
  // Locks those that are not locked yet; returns what is busy (nothing when it waits).
  std::vector<base::Uuid> LockNow(const std::vector<base::Uuid>& ids);
  void Forget(const UnitOfWork& unit);
  void WriteVersions();
  void InsertEvents();

  db::Tx& tx_;
  const absl::Time now_;
  const std::string service_;
  const Busy busy_;
  absl::flat_hash_map<base::Uuid, Version> versions_;  // of all that is locked
  OwnReads own_reads_;
  int64_t changes_before_ = 0;  // the unit that runs
  std::deque<UnitOfWork> units_;
  std::vector<base::Uuid>* wanted_ = nullptr;  // while a part is probed: what it would lock
  bool appended_ = false;
};

}  // namespace ieum::ledger
