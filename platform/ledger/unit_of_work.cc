#include "platform/ledger/unit_of_work.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/str_cat.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"

namespace ieum::ledger {
namespace {

// Locked in id order, so that two commands never wait for each other in a circle.
const db::Statement kLock("aggregate_lock", R"(
  SELECT id, version FROM aggregate WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE)");

// A new aggregate that somebody else made meanwhile does not match its old version and changes
// nothing; the row count tells.
const db::Statement kUpsertVersion("aggregate_upsert", R"(
  INSERT INTO aggregate (id, kind, version) VALUES ($1, $2, $3)
  ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version WHERE aggregate.version = $4)");

// Counters first (in shard order), then the events with base + place: the counter rows stay locked
// until COMMIT, which is what makes positions gapless and visible in order.
const db::Statement kInsertEvents("event_log_append", R"(
  WITH event AS (
    SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[],
                         $6::text[], $7::bytea[]) WITH ORDINALITY
      AS e(shard, event_id, aggregate_id, version, type, subject, payload, place)
  ), wanted AS (
    SELECT shard, count(*) AS n FROM event GROUP BY shard
  ), locked AS (
    SELECT shard FROM outbox_shard WHERE shard IN (SELECT shard FROM wanted)
    ORDER BY shard FOR UPDATE
  ), counter AS (
    UPDATE outbox_shard o SET last_pos = o.last_pos + w.n
    FROM wanted w JOIN locked l USING (shard) WHERE o.shard = w.shard
    RETURNING o.shard, o.last_pos - w.n AS base
  )
  INSERT INTO event_log (shard, pos, event_id, aggregate_id, version, type, subject, occurred_at,
                         actor, correlation_id, causation_id, traceparent, payload)
  SELECT e.shard, c.base + row_number() OVER (PARTITION BY e.shard ORDER BY e.place), e.event_id,
         e.aggregate_id, e.version, e.type, e.subject, $8::timestamptz, $9, $10, $11, $12, e.payload
  FROM event e JOIN counter c USING (shard)
  RETURNING event_id, shard, pos)");

}  // namespace

UnitOfWork::UnitOfWork(db::Tx& tx, absl::Time now, Caller caller, base::Uuid seed)
    : tx_(tx), now_(now), caller_(std::move(caller)), seed_(seed) {}

void UnitOfWork::Lock(std::vector<base::Uuid> ids) {
  assert(!locked_ && "Lock is called once, first");
  locked_ = true;
  for (const base::Uuid& id : ids) versions_[id] = 0;
  IEUM_FAILPOINT("work.before_locks");
  for (const auto& row : tx_.Exec(kLock, db::ArrayOf(ids))) {
    versions_[db::AsUuid(row[0])] = row[1].as<int64_t>();
  }
  IEUM_FAILPOINT("work.after_locks");
}

int64_t UnitOfWork::Version(const base::Uuid& id) const {
  auto found = versions_.find(id);
  assert(found != versions_.end() && "the aggregate was not locked");
  return found == versions_.end() ? 0 : found->second;
}

absl::Status UnitOfWork::ExpectEtag(const base::Uuid& id, std::string_view etag) const {
  if (etag.empty() || etag == FormatEtag(Version(id))) return absl::OkStatus();
  return base::Error(absl::StatusCode::kAborted, "STALE_ETAG",
                     "the resource was changed since you read it; read it again and repeat the "
                     "change on what it is now",
                     {{"current_etag", FormatEtag(Version(id))}});
}

void UnitOfWork::Append(const base::Uuid& aggregate, std::string_view kind,
                        std::string_view subject, const google::protobuf::Message& event) {
  const int64_t version_before = versions_[aggregate];
  PendingEvent pending;
  pending.event_id = DeriveId(absl::StrCat("event/", events_.size()));
  pending.aggregate_id = aggregate;
  pending.version = versions_[aggregate] = version_before + 1;
  pending.type = event.GetDescriptor()->full_name();
  pending.subject = std::string(subject);
  pending.payload = event.SerializeAsString();
  events_.push_back(std::move(pending));
  changed_.emplace(aggregate, Changed{std::string(kind), version_before});
}

void UnitOfWork::Finish() {
  if (events_.empty()) return;
  IEUM_FAILPOINT("work.before_append");
  UpsertVersions();
  InsertEvents();
  IEUM_FAILPOINT("work.after_append");
}

void UnitOfWork::UpsertVersions() {
  for (const auto& [id, changed] : changed_) {
    const int64_t rows =
        tx_.ExecCount(kUpsertVersion, id, changed.kind, versions_[id], changed.version_before);
    // Only a creation can meet this: two commands made the same new aggregate at once. The loser
    // runs again and then sees the winner's.
    if (rows != 1) db::Conflict();
  }
}

void UnitOfWork::InsertEvents() {
  std::vector<db::Param> shards, ids, aggregates, versions, types, subjects, payloads;
  for (const PendingEvent& event : events_) {
    shards.emplace_back(event.aggregate_id.shard());
    ids.emplace_back(event.event_id);
    aggregates.emplace_back(event.aggregate_id);
    versions.emplace_back(event.version);
    types.emplace_back(event.type);
    subjects.emplace_back(event.subject);
    payloads.push_back(db::Bytes(event.payload));
  }
  const db::Rows rows = tx_.Exec(kInsertEvents, db::Array(shards), db::Array(ids),
                                 db::Array(aggregates), db::Array(versions), db::Array(types),
                                 db::Array(subjects), db::Array(payloads), now_, caller_.actor,
                                 caller_.correlation_id, caller_.causation_id, caller_.traceparent);
  for (const auto& row : rows) {
    const base::Uuid id = db::AsUuid(row[0]);
    for (PendingEvent& event : events_) {
      if (event.event_id == id) event.position = {row[1].as<int>(), row[2].as<int64_t>()};
    }
  }
}

std::string FormatEtag(int64_t version) { return absl::StrCat("\"", version, "\""); }

}  // namespace ieum::ledger
