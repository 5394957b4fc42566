#include "platform/ledger/batch.h"

#include <algorithm>
#include <optional>

#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/ledger/ledger.h"

namespace ieum::ledger {
namespace {

// Locked in id order, so that two transactions never wait for each other in a circle.
const db::Statement kLock("aggregate_lock", R"(
  SELECT id, version FROM aggregate WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE)");

// Without waiting: version 0 says that somebody else has it.
const db::Statement kLockFree("aggregate_lock_free", R"(
  WITH locked AS MATERIALIZED (
    SELECT id, version FROM aggregate WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED)
  SELECT id, version FROM locked
  UNION ALL
  SELECT id, 0 FROM aggregate WHERE id = ANY($1::uuid[]) AND id NOT IN (SELECT id FROM locked))");

// In id order, for what does not exist cannot be locked. Of two that make one aggregate at once the
// second finds it there, and the row count tells.
const db::Statement kInsertVersions("aggregate_insert", R"(
  INSERT INTO aggregate (id, kind, version)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[]) AS made(id, kind, version) ORDER BY id
  ON CONFLICT (id) DO NOTHING)");

const db::Statement kRaiseVersions("aggregate_raise", R"(
  UPDATE aggregate SET version = raised.version
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS raised(id, version, before)
  WHERE aggregate.id = raised.id AND aggregate.version = raised.before)");

// Counters first (in shard order), then the events with base + place: the counter rows stay locked
// until COMMIT, which is what makes positions gapless and visible in order.
const db::Statement kInsertEvents("event_log_append", R"(
  WITH event AS (
    SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[],
                         $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::text[],
                         $11::text[], $12::bytea[]) WITH ORDINALITY
      AS e(shard, event_id, aggregate_id, version, type, subject, occurred_at, actor,
           correlation_id, causation_id, traceparent, payload, place)
  ), wanted AS (
    SELECT shard, count(*) AS n FROM event GROUP BY shard
  ), counter AS MATERIALIZED (
    SELECT taken.of_shard AS shard, taken.base
    FROM (SELECT array_agg(shard ORDER BY shard) AS shards, array_agg(n ORDER BY shard) AS counts
          FROM wanted) w, outbox_take(w.shards, w.counts) AS taken
  )
  INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject, occurred_at,
                         actor, correlation_id, causation_id, traceparent, payload)
  SELECT e.shard, c.base + row_number() OVER (PARTITION BY e.shard ORDER BY e.place), e.event_id,
         e.aggregate_id, e.version, e.type, e.subject, e.occurred_at, e.actor, e.correlation_id,
         e.causation_id, e.traceparent, e.payload
  FROM event e JOIN counter c USING (shard)
  RETURNING event_id, shard, pos)");

absl::Status CheckSizes(const UnitOfWork& unit) {
  for (const PendingEvent& event : unit.events()) {
    if (event.payload.size() > kMaxEventBytes) {
      return base::Error(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
                         "the request is too large to be recorded; send less in one request");
    }
  }
  return absl::OkStatus();
}

}  // namespace

Batch::Batch(db::Tx& tx, absl::Time now, std::string service, Busy busy)
    : tx_(tx), now_(now), service_(std::move(service)), busy_(busy) {}

std::vector<Batch::Ahead> Batch::LockAhead(absl::Span<const Part> parts) {
  std::vector<Ahead> found(parts.size(), Ahead::kReady);
  std::vector<std::vector<base::Uuid>> wants(parts.size());
  std::vector<base::Uuid> all;
  for (size_t i = 0; i < parts.size(); ++i) {
    wanted_ = &wants[i];
    const bool known = tx_.Probe([&] {
      UnitOfWork unit(*this, parts[i].caller, base::Uuid::Derive(parts[i].seed, service_));
      parts[i].body(unit).IgnoreError();
    });
    wanted_ = nullptr;
    if (!known) found[i] = Ahead::kAsksFirst;
    all.insert(all.end(), wants[i].begin(), wants[i].end());
  }
  const std::vector<base::Uuid> busy = LockNow(all);
  const auto is_busy = [&](const base::Uuid& id) {
    return std::find(busy.begin(), busy.end(), id) != busy.end();
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    if (std::any_of(wants[i].begin(), wants[i].end(), is_busy)) found[i] = Ahead::kBusy;
    if (found[i] == Ahead::kReady) own_reads_.Expect(wants[i]);
  }
  return found;
}

absl::Status Batch::Run(const Part& part) {
  UnitOfWork& unit =
      units_.emplace_back(*this, part.caller, base::Uuid::Derive(part.seed, service_));
  changes_before_ = tx_.changes();
  absl::Status status = part.body(unit);
  own_reads_.Forget(unit.locked_);
  if (status.ok()) status = CheckSizes(unit);
  if (status.ok()) return status;
  Forget(unit);
  units_.pop_back();
  return status;
}

void Batch::Forget(const UnitOfWork& unit) {
  for (const PendingEvent& event : unit.events()) --versions_[event.aggregate_id].now;
}

void Batch::Lock(const std::vector<base::Uuid>& ids) {
  if (wanted_ != nullptr) {
    *wanted_ = ids;
    db::Tx::StopProbe();
  }
  if (!LockNow(ids).empty()) db::Conflict();
}

std::vector<base::Uuid> Batch::LockNow(const std::vector<base::Uuid>& ids) {
  std::vector<base::Uuid> missing, busy;
  for (const base::Uuid& id : ids) {
    if (versions_.try_emplace(id).second) missing.push_back(id);
  }
  if (missing.empty()) return busy;
  IEUM_FAILPOINT("work.before_locks");
  for (const auto& row : tx_.Exec(busy_ == Busy::kWait ? kLock : kLockFree, db::ArrayOf(missing))) {
    const base::Uuid id = db::AsUuid(row[0]);
    const int64_t version = row[1].as<int64_t>();
    if (version == 0) busy.push_back(id);
    versions_[id].before = versions_[id].now = version;
  }
  IEUM_FAILPOINT("work.after_locks");
  for (const base::Uuid& id : busy) versions_.erase(id);
  return busy;
}

int64_t Batch::VersionOf(const base::Uuid& id) const {
  const auto found = versions_.find(id);
  return found == versions_.end() ? 0 : found->second.now;
}

int64_t Batch::Raise(const base::Uuid& id, std::string_view kind) {
  Version& version = versions_[id];
  if (version.kind.empty()) version.kind = std::string(kind);
  return ++version.now;
}

void Batch::Finish() {
  appended_ = std::any_of(units_.begin(), units_.end(),
                          [](const UnitOfWork& unit) { return !unit.events().empty(); });
  if (appended_) {
    IEUM_FAILPOINT("work.before_append");
    tx_.SetUnit(db::kNoUnit);
    WriteVersions();
    InsertEvents();
    IEUM_FAILPOINT("work.after_append");
  }
  tx_.Send();
}

void Batch::WriteVersions() {
  std::map<base::Uuid, const Version*> changed;  // written in id order, like locks are taken
  for (const auto& [id, version] : versions_) {
    if (version.now != version.before) changed.emplace(id, &version);
  }
  std::vector<db::Param> made, kinds, first, raised, to, from;
  for (const auto& [id, version] : changed) {
    if (version->before == 0) {
      made.emplace_back(id);
      kinds.emplace_back(version->kind);
      first.emplace_back(version->now);
    } else {
      raised.emplace_back(id);
      to.emplace_back(version->now);
      from.emplace_back(version->before);
    }
  }
  if (!made.empty() && !tx_.ExecRows(static_cast<int64_t>(made.size()), kInsertVersions,
                                     db::Array(made), db::Array(kinds), db::Array(first))) {
    db::Conflict();
  }
  if (!raised.empty() && !tx_.ExecRows(static_cast<int64_t>(raised.size()), kRaiseVersions,
                                       db::Array(raised), db::Array(to), db::Array(from))) {
    db::Conflict();
  }
}

void Batch::InsertEvents() {
  absl::flat_hash_map<base::Uuid, PendingEvent*> by_id;
  std::vector<db::Param> shards, ids, aggregates, versions, types, subjects, times, actors,
      correlations, causations, traces, payloads;
  for (UnitOfWork& unit : units_) {
    for (PendingEvent& event : unit.events_) {
      by_id[event.event_id] = &event;
      shards.emplace_back(event.aggregate_id.shard());
      ids.emplace_back(event.event_id);
      aggregates.emplace_back(event.aggregate_id);
      versions.emplace_back(event.version);
      types.emplace_back(event.type);
      subjects.emplace_back(event.subject);
      times.emplace_back(now_);
      actors.emplace_back(unit.caller().actor);
      correlations.emplace_back(unit.caller().correlation_id);
      causations.emplace_back(unit.caller().causation_id);
      traces.emplace_back(unit.caller().traceparent);
      payloads.push_back(db::Bytes(event.payload));
    }
  }
  const db::Rows rows = tx_.Exec(
      kInsertEvents, db::Array(shards), db::Array(ids), db::Array(aggregates), db::Array(versions),
      db::Array(types), db::Array(subjects), db::Array(times), db::Array(actors),
      db::Array(correlations), db::Array(causations), db::Array(traces), db::Array(payloads));
  for (const auto& row : rows) {
    by_id.at(db::AsUuid(row[0]))->position = {row[1].as<int>(), row[2].as<int64_t>()};
  }
}

}  // namespace ieum::ledger
