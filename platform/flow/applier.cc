#include "platform/flow/applier.h"

#include <map>

#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/flow/check_hash.h"
#include "platform/flow/effect_span.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

constexpr char kBehindParked[] = "BEHIND_A_PARKED_EVENT";

// Those of some steps; the last steps of a batch have none.
absl::Span<const ReceivedEvent> EventsOf(const LaneBatch& batch, size_t from, size_t to) {
  to = std::min(to, batch.events.size());
  if (from >= to) return {};
  return absl::MakeConstSpan(batch.events).subspan(from, to - from);
}

// The cursors' moves of some steps, one a shard, and the check points on the way.
struct Moves {
  std::map<int, CursorMove> by_shard;
  std::vector<CheckPoint> points;
};

Moves MovesOf(const LaneBatch& batch, size_t from, size_t to, const ConsumerMemory& memory) {
  Moves moves;
  for (size_t i = from; i < to; ++i) {
    const CursorStep& step = batch.steps[i];
    auto [it, fresh] = moves.by_shard.try_emplace(step.shard);
    CursorMove& move = it->second;
    if (fresh) {
      const ShardMemory& known = memory[step.shard];
      move = {step.shard, step.first - 1, step.last, step.epoch, known.check_hash, known.place};
    }
    move.to = step.last;
    move.check_hash ^= step.hash;
    if (step.last % kCheckEvery == 0) {
      moves.points.push_back({step.shard, step.last, step.epoch, move.check_hash});
    }
  }
  return moves;
}

std::vector<CursorMove> Values(const std::map<int, CursorMove>& by_shard) {
  std::vector<CursorMove> moves;
  for (const auto& [shard, move] : by_shard) moves.push_back(move);
  return moves;
}

}  // namespace

std::string ErrorWord(const absl::Status& status) {
  const std::string reason = base::ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

Applier::Applier(Options options) : options_(std::move(options)) {}

Applier::Outcome Applier::Apply(const LaneBatch& batch) {
  applied_ = 0;
  lost_ = false;
  const absl::Status status = ApplyRange(batch, 0, batch.steps.size());
  if (lost_) return {Outcome::Kind::kLost, applied_, status};
  return {status.ok() ? Outcome::Kind::kDone : Outcome::Kind::kLater, applied_, status};
}

// A batch that breaks is cut in halves until the culprit stands alone; its neighbours go through,
// in order.
absl::Status Applier::ApplyRange(const LaneBatch& batch, size_t from, size_t to) {
  if (from < batch.events.size() && batch.tasks[from].kind == Task::Kind::kPark) {
    RETURN_IF_ERROR(ParkOne(batch, from, 1, batch.tasks[from].refusal));
    return to > from + 1 ? ApplyRange(batch, from + 1, to) : absl::OkStatus();
  }
  const absl::Status status = Commit(batch, from, to);
  if (status.ok() || lost_ || db::IsTransient(status)) return status;
  if (to - from == 1) return RetryOrPark(batch, from, status);
  const size_t middle = from + (to - from) / 2;
  RETURN_IF_ERROR(ApplyRange(batch, from, middle));
  return ApplyRange(batch, middle, to);
}

absl::Status Applier::RetryOrPark(const LaneBatch& batch, size_t at, absl::Status first) {
  // Moving a cursor alone cannot be refused by data: not poison, but a fault of ours.
  if (at >= batch.events.size()) return absl::UnavailableError("a cursor cannot be moved");
  absl::Status status = std::move(first);
  for (int tries = 1; tries < options_.limits.poison_tries; ++tries) {
    if (!options_.pause(options_.limits.poison_pause)) return absl::UnavailableError("stopping");
    status = Commit(batch, at, at + 1);
    if (status.ok() || lost_ || db::IsTransient(status)) return status;
  }
  return ParkOne(batch, at, options_.limits.poison_tries, ErrorWord(status));
}

absl::Status Applier::Move(db::Tx& tx, const LaneBatch& batch, size_t from, size_t to, Seen* seen) {
  const Moves moves = MovesOf(batch, from, to, *options_.memory);
  seen->moves = Values(moves.by_shard);
  if (!MoveCursors(tx, options_.producer, seen->moves)) {
    lost_ = true;
    return absl::AbortedError("a cursor stands elsewhere");
  }
  SaveCheckPoints(tx, options_.producer, moves.points);
  return absl::OkStatus();
}

absl::Status Applier::Commit(const LaneBatch& batch, size_t from, size_t to) {
  Seen seen;
  IEUM_FAILPOINT("effect.before_tx");
  telemetry::Span span = EffectSpan(options_.producer, EventsOf(batch, from, to));
  const absl::Time began = absl::Now();
  const absl::Status status =
      options_.ledger->database().Write("apply_events", [&](db::Tx& tx) -> absl::Status {
        seen = {};
        lost_ = false;
        IEUM_FAILPOINT("effect.before_cursor");
        RETURN_IF_ERROR(CommitWithin(tx, batch, from, to, &seen));
        IEUM_FAILPOINT("effect.before_commit");
        return absl::OkStatus();
      });
  if (!status.ok()) {
    span.Forget();  // what is tried again is told once
    return status;
  }
  span.End();
  if (options_.seconds != nullptr) {
    options_.seconds->Observe(absl::ToDoubleSeconds(absl::Now() - began));
  }
  IEUM_FAILPOINT("effect.after_commit");
  for (const ReceivedEvent* event : seen.unparked) ParkedNear(*event).erase(event->aggregate_id());
  if (seen.appended) options_.ledger->Committed();
  Applied(batch, from, to, seen);
  return absl::OkStatus();
}

// Of aggregates that may be parked. In the usual case there are none, and no id is read.
std::vector<base::Uuid> Applier::Suspects(absl::Span<const ReceivedEvent> events) const {
  std::vector<base::Uuid> suspects;
  for (const ReceivedEvent& event : events) {
    const auto& parked = ParkedNear(event);
    if (parked.empty()) continue;
    const base::Uuid id = event.aggregate_id();
    if (parked.contains(id)) suspects.push_back(id);
  }
  return suspects;
}

// The cursors come first: a zombie finds out before it does anything.
absl::Status Applier::CommitWithin(db::Tx& tx, const LaneBatch& batch, size_t from, size_t to,
                                   Seen* seen) {
  RETURN_IF_ERROR(Move(tx, batch, from, to, seen));
  IEUM_FAILPOINT("effect.after_cursor");
  to = std::min(to, batch.events.size());
  if (from >= to) return absl::OkStatus();
  const auto tasks = absl::MakeConstSpan(batch.tasks).subspan(from, to - from);
  const auto events = absl::MakeConstSpan(batch.events).subspan(from, to - from);
  const std::vector<base::Uuid> suspects = Suspects(events);
  if (suspects.empty()) {
    return ApplyAll(tasks, events, *options_.ledger, tx, &seen->appended);
  }
  const auto parked = StillParked(tx, options_.producer, suspects);
  const absl::flat_hash_set<base::Uuid> suspected(suspects.begin(), suspects.end());
  std::vector<Task> free_tasks;
  std::vector<ReceivedEvent> free_events;
  for (size_t i = 0; i < events.size(); ++i) {
    const base::Uuid id = events[i].aggregate_id();
    if (parked.contains(id)) {
      InsertDeadLetter(tx, events[i], 0, kBehindParked);
      continue;
    }
    if (suspected.contains(id)) seen->unparked.push_back(&events[i]);
    free_tasks.push_back(tasks[i]);
    free_events.push_back(events[i]);
  }
  return ApplyAll(free_tasks, free_events, *options_.ledger, tx, &seen->appended);
}

absl::Status Applier::ParkOne(const LaneBatch& batch, size_t at, int attempts,
                              std::string_view error) {
  const ReceivedEvent& event = batch.events[at];
  Seen seen;
  telemetry::Span span = EffectSpan(options_.producer, {&event, 1});
  const absl::Status status =
      options_.ledger->database().Write("park_event", [&](db::Tx& tx) -> absl::Status {
        seen = {};
        lost_ = false;
        RETURN_IF_ERROR(Move(tx, batch, at, at + 1, &seen));
        Park(tx, options_.producer, event.aggregate_id(), error);
        InsertDeadLetter(tx, event, attempts, error);
        IEUM_FAILPOINT("park.before_commit");
        return absl::OkStatus();
      });
  if (!status.ok()) {
    span.Forget();
    // The shard stands until parking works: an event is never let go without a trace.
    return lost_ || db::IsTransient(status) ? status : absl::UnavailableError("cannot park");
  }
  span.Fail(error);
  telemetry::Error("event parked", {{"producer", options_.producer},
                                    {"type", event.envelope.type()},
                                    {"event_id", event.envelope.event_id()},
                                    {"aggregate_id", event.envelope.aggregate_id()},
                                    {"error", error}});
  ParkedNear(event).insert(event.aggregate_id());
  options_.on_dead_letter();
  Applied(batch, at, at + 1, seen);
  return absl::OkStatus();
}

void Applier::Applied(const LaneBatch& batch, size_t from, size_t to, const Seen& seen) {
  for (const CursorMove& move : seen.moves) (*options_.memory)[move.shard].place = move.place;
  const auto steps = absl::MakeConstSpan(batch.steps).subspan(from, to - from);
  for (const CursorStep& step : steps) (*options_.memory)[step.shard].check_hash ^= step.hash;
  options_.on_applied(steps);
  applied_ = to;
}

}  // namespace ieum::flow
