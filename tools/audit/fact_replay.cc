#include "tools/audit/fact_replay.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/reporting/facts/fact.h"
#include "tools/audit/replay.h"

namespace ieum::audit {
namespace {

constexpr size_t kRowsAtOnce = 500;

// Every column but the generation, as the rebuild's own hash takes them.
const db::Statement kDifferent("audit_facts_different", R"(
  WITH made AS (
    SELECT * FROM unnest($3::bigint[], $4::uuid[], $5::text[], $6::uuid[], $7::bigint[],
                         $8::text[], $9::timestamptz[], $10::jsonb[])
      AS m(pos, event_id, type, aggregate_id, aggregate_version, subject, occurred_at, fields))
  SELECT m.pos, m.event_id, m.aggregate_id, f.pos IS NULL
  FROM made m
  LEFT JOIN (SELECT * FROM fact JOIN projection_live USING (generation)
             WHERE producer = $1 AND shard = $2::smallint) f USING (pos)
  WHERE (f.event_id, f.type, f.aggregate_id, f.aggregate_version, f.subject, f.occurred_at, f.fields)
        IS DISTINCT FROM
        (m.event_id, m.type, m.aggregate_id, m.aggregate_version, m.subject, m.occurred_at, m.fields)
  ORDER BY m.pos)");

// One shard's rows, compared a chunk at a time.
class Comparison {
 public:
  Comparison(const Service& reporting, std::string producer, int shard, Tally& tally)
      : reporting_(reporting), producer_(std::move(producer)), shard_(shard), tally_(tally) {}

  absl::Status Add(const Replayed& replayed) {
    const platform::v1::LedgerEvent& event = replayed.event;
    positions_.emplace_back(event.position());
    ids_.emplace_back(event.event_id());
    types_.emplace_back(event.type());
    aggregates_.emplace_back(event.aggregate_id());
    versions_.emplace_back(event.aggregate_version());
    subjects_.emplace_back(event.subject());
    instants_.emplace_back(base::InstantOf(event.time()));
    fields_.emplace_back(reporting::FlattenFields(replayed.message));
    return positions_.size() < kRowsAtOnce ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    tally_.Checked(static_cast<int64_t>(positions_.size()));
    return reporting_.database->Read("audit_facts_different", [&](db::Tx& tx) {
      const db::Rows rows =
          tx.Exec(kDifferent, producer_, shard_, db::Array(positions_), db::Array(ids_),
                  db::Array(types_), db::Array(aggregates_), db::Array(versions_),
                  db::Array(subjects_), db::Array(instants_), db::Array(fields_));
      for (const auto& row : rows) {
        tally_.Breach({producer_, shard_, row[0].as<int64_t>(), db::AsText(row[1]),
                       db::AsText(row[2]),
                       row[3].as<bool>() ? "a replay gives a fact that reporting does not keep"
                                         : "reporting keeps another fact than a replay gives"});
      }
      for (auto* column : {&positions_, &ids_, &types_, &aggregates_, &versions_, &subjects_,
                           &instants_, &fields_}) {
        column->clear();
      }
      return absl::OkStatus();
    });
  }

 private:
  const Service& reporting_;
  const std::string producer_;
  const int shard_;
  Tally& tally_;
  std::vector<db::Param> positions_, ids_, types_, aggregates_, versions_, subjects_, instants_,
      fields_;
};

}  // namespace

absl::Status ReplayFacts(Subject& subject, const Service& reporting, Tally& tally) {
  ASSIGN_OR_RETURN(const Inbox inbox, ReadInbox(*reporting.database));
  for (const Service& producer : subject.services()) {
    for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
      Comparison comparison(reporting, producer.name, shard, tally);
      RETURN_IF_ERROR(Replay(producer, shard, inbox,
                             [&](const Replayed& event) { return comparison.Add(event); }));
      RETURN_IF_ERROR(comparison.Flush());
    }
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
