#include "services/registry/erasures/erasure_store.h"

#include "services/registry/json_columns.h"

namespace ieum::registry {
namespace {

// States of enrolments that have not ended.
#define OPEN_STATES "(1, 3, 4, 5, 8)"

const db::Statement kObstacles("erasure_obstacles", R"(
  SELECT
    EXISTS (SELECT FROM legal_hold h WHERE h.person_id = $1 AND h.released_at IS NULL
            AND (h.end_date IS NULL OR h.end_date >= $2::date)),
    EXISTS (SELECT FROM enrolment e WHERE e.person_id = $1 AND e.state IN )" OPEN_STATES R"(),
    EXISTS (SELECT FROM enrolment e WHERE e.contact_person_id = $1 AND e.state IN )" OPEN_STATES
                                                    R"()
      OR EXISTS (SELECT FROM enrolment e
                 WHERE e.consultant_person_id = $1 AND e.state IN )" OPEN_STATES ")");

const db::Statement kKept("erasure_kept", R"(
  SELECT (SELECT count(*) FROM enrolment WHERE person_id = $1)
       + (SELECT count(*) FROM enrolment WHERE contact_person_id = $1)
       + (SELECT count(*) FROM enrolment WHERE consultant_person_id = $1),
    (SELECT count(*) FROM consent WHERE person_id = $1),
    (SELECT count(*) FROM contact_receipt WHERE person_id = $1)
       + (SELECT count(*) FROM consent_receipt WHERE person_id = $1),
    (SELECT count(*) FROM subject WHERE person_id = $1 AND state = 1))");

const db::Statement kFreeWords("erasure_free_words", R"(
  SELECT (SELECT count(*) FROM legal_hold WHERE person_id = $1)
       + (SELECT count(*) FROM person_merge WHERE survivor_id = $1)
       + (SELECT count(*) FROM person_merge WHERE duplicate_id = $1 AND state = 2)
       + (SELECT count(*) FROM ownership_move WHERE person_id = $1)
       + (SELECT count(*) FROM consent_receipt WHERE person_id = $1 AND reason <> '')
       + (SELECT count(*) FROM person_apart_look WHERE person_id = $1))");

const db::Statement kInsert("erasure_insert", R"(
  INSERT INTO erasure_record (id, person_id, centre_id, reason, rule_code, run_id, erased_at, eraser,
                              parts)
  VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz, $8, $9::jsonb))");

const db::Statement kConfirm("erasure_confirm", R"(
  INSERT INTO erasure_confirmation (erasure_id, service, key_destroyed, destroyed_at, confirmed_at)
  VALUES ($1, $2, $3, coalesce($4::timestamptz, clock_timestamp()), $5::timestamptz)
  ON CONFLICT DO NOTHING)");

const db::Statement kConfirmations("erasure_confirmations", R"(
  SELECT erasure_id, service, key_destroyed, destroyed_at, confirmed_at FROM erasure_confirmation
  WHERE erasure_id = ANY($1::uuid[])
  ORDER BY erasure_id, service <> 'registry', confirmed_at, service)");

#define RECORD_COLUMNS                                                                       \
  "r.id, r.number, r.person_id, r.centre_id, r.reason, r.rule_code, r.run_id, r.erased_at, " \
  "r.eraser, r.parts, r.hash"

const db::Statement kFind("erasure_find", "SELECT " RECORD_COLUMNS R"(
  FROM erasure_record r WHERE r.id = $1 AND ($2::boolean OR r.centre_id = ANY($3::uuid[])))");

const db::Statement kOfRun("erasure_of_run", "SELECT " RECORD_COLUMNS R"(
  FROM erasure_record r WHERE r.run_id = $1 ORDER BY r.rule_code, r.person_id)");

}  // namespace

Obstacles FindObstacles(db::Tx& tx, const base::Uuid& person, absl::CivilDay today) {
  const db::Row row = tx.Exec(kObstacles, person, today)[0];
  return {row[0].as<bool>(), row[1].as<bool>(), row[2].as<bool>()};
}

KeptCounts CountKept(db::Tx& tx, const base::Uuid& person) {
  const db::Row row = tx.Exec(kKept, person)[0];
  return {row[0].as<int64_t>(), row[1].as<int64_t>(), row[2].as<int64_t>(), row[3].as<int64_t>()};
}

int64_t CountFreeWords(db::Tx& tx, const base::Uuid& person) {
  return tx.Exec(kFreeWords, person)[0][0].as<int64_t>();
}

void InsertRecord(db::Tx& tx, const ErasureRecord& record) {
  tx.Exec(kInsert, record.id, record.person_id, record.centre, record.reason, record.rule,
          record.run, record.erased_at, record.eraser, ToJson(record.parts));
}

bool InsertConfirmation(db::Tx& tx, const base::Uuid& erasure, const Confirmation& confirmation) {
  return tx.ExecCount(kConfirm, erasure, confirmation.service, confirmation.key_destroyed,
                      confirmation.destroyed_at, confirmation.confirmed_at) == 1;
}

std::map<base::Uuid, std::vector<Confirmation>> FindConfirmations(
    db::Tx& tx, const std::vector<base::Uuid>& erasures) {
  std::map<base::Uuid, std::vector<Confirmation>> found;
  if (erasures.empty()) return found;
  for (const auto& row : tx.Exec(kConfirmations, db::ArrayOf(erasures))) {
    found[db::AsUuid(row[0])].push_back(
        {db::AsText(row[1]), row[2].as<bool>(), db::AsTime(row[3]), db::AsTime(row[4])});
  }
  return found;
}

std::optional<ErasureRecord> FindRecord(db::Tx& tx, const base::Scope& scope,
                                        const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadRecord(*row);
}

std::vector<ErasureRecord> RecordsOfRun(db::Tx& tx, const base::Uuid& run) {
  std::vector<ErasureRecord> records;
  for (const auto& row : tx.Exec(kOfRun, run)) records.push_back(ReadRecord(row));
  return records;
}

const filter::ListSpec& ErasureList() {
  static const auto* spec = new filter::ListSpec{
      .columns = RECORD_COLUMNS,
      .from = "erasure_record r",
      .fields = {{"name", filter::Uuid("r.id").NotNull()},
                 {"number", filter::Int("r.number").NotNull()},
                 {"person", filter::Resource("r.person_id", "persons/{}").NotNull()},
                 {"reason", filter::Enum<v1::ErasureReason>("r.reason").NotNull()},
                 {"rule", filter::Text("r.rule_code").NotNull()},
                 {"erase_time", filter::Timestamp("r.erased_at").NotNull()},
                 {"centre", filter::Resource("r.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"r.centre_id"}};
  return *spec;
}

ErasureRecord ReadRecord(const db::Row& row) {
  ErasureRecord record;
  record.id = db::AsUuid(row[0]);
  record.number = row[1].as<int64_t>();
  record.person_id = db::AsUuid(row[2]);
  record.centre = db::AsOptionalUuid(row[3]);
  record.reason = static_cast<v1::ErasureReason>(row[4].as<int>());
  record.rule = db::AsText(row[5]);
  record.run = db::AsOptionalUuid(row[6]);
  record.erased_at = db::AsTime(row[7]);
  record.eraser = db::AsText(row[8]);
  FromJson(db::AsText(row[9]), &record.parts);
  record.hash = db::AsBytes(row[10]);
  return record;
}

}  // namespace ieum::registry
