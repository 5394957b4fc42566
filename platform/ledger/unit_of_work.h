// What a use case is given: one transaction, its locked aggregates, and the events it appends.
// Order inside a use case: Lock, load, decide, and only then write and Append. A refusal returns
// before the first write.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "google/protobuf/message.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/ledger/own_reads.h"

namespace ieum::ledger {

// Who asked, and what caused it. Opaque ids only.
struct Caller {
  std::string actor;           // "staff/0191…", "service/notify"
  std::string correlation_id;  // shared by all events of one process
  std::string causation_id;    // event id of the cause; empty when a person or system asked
  std::string traceparent;
  // The centres whose rows the command may read and change. Reactions and timers act for the suite.
  base::Scope scope = base::Scope::Everywhere();
};

// Where an event stands. pos 0 = none.
struct Position {
  int shard = 0;
  int64_t pos = 0;
  auto operator<=>(const Position&) const = default;
};

struct PendingEvent {
  base::Uuid event_id;
  base::Uuid aggregate_id;
  int64_t version;
  std::string type;
  std::string subject;
  std::string payload;
  Position position;  // set when written
};

class Batch;

// Lives inside one transaction on one thread. Several of them may share it: see Batch.
class UnitOfWork {
 public:
  // `seed`: event ids are derived from it, so that the same command run again makes the same ids.
  UnitOfWork(Batch& batch, Caller caller, base::Uuid seed);

  db::Tx& tx();
  absl::Time now() const;  // business time of the whole command
  const Caller& caller() const { return caller_; }
  // What every statement on rows of centres takes.
  const base::Scope& scope() const { return caller_.scope; }

  // Locks the aggregates that the command may write, in id order, in one statement. Called once,
  // first; ids that do not exist yet may be among them (version 0). What comes before it may be run
  // twice: once to learn what is to be locked.
  void Lock(std::vector<base::Uuid> ids);
  // What belongs to an aggregate that this unit has locked, as it stands; nullopt when nothing
  // does.
  template <class T>
  std::optional<T> Own(const OwnRead<T>& read, const base::Uuid& id);
  // Version of a locked aggregate, counting what was appended; 0 = does not exist.
  int64_t Version(const base::Uuid& id) const;
  // ABORTED (STALE_ETAG) unless `etag` is empty or names the current version. Etags are quoted
  // versions: "\"7\"".
  absl::Status ExpectEtag(const base::Uuid& id, std::string_view etag) const;

  // Appends one event to a locked aggregate and raises its version by one. `kind`: the aggregate's
  // kind, e.g. "organization"; `subject`: its resource name.
  void Append(const base::Uuid& aggregate, std::string_view kind, std::string_view subject,
              const google::protobuf::Message& event);

  // Derives an id of a new aggregate or row from the command: the same command gives the same id.
  base::Uuid DeriveId(std::string_view label) const { return base::Uuid::Derive(seed_, label); }

  absl::Span<const PendingEvent> events() const { return events_; }

 private:
  friend class Batch;
  bool Knows(const base::Uuid& id) const;
  OwnReads& own_reads();
  bool untouched() const;  // nothing was changed by it yet

  Batch& batch_;
  Caller caller_;
  base::Uuid seed_;
  std::vector<base::Uuid> locked_;
  std::vector<PendingEvent> events_;
  bool asked_to_lock_ = false;
};

template <class T>
std::optional<T> UnitOfWork::Own(const OwnRead<T>& read, const base::Uuid& id) {
  return own_reads().Find(tx(), read, id, untouched());
}

std::string FormatEtag(int64_t version);

}  // namespace ieum::ledger
