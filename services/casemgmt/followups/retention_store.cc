#include "services/casemgmt/followups/retention_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "k.id, k.case_id, k.months, k.anchor_date, k.due_date, k.occurrence_id, k.state, "
    "k.attempt_count, k.revision, k.cancel_reason, k.created_at, k.updated_at, r.id, r.result, "
    "r.evidence, r.checked_date, r.correction, a.version";
constexpr char kFrom[] =
    "retention_check k JOIN casefile c ON c.id = k.case_id JOIN aggregate a ON a.id = k.case_id "
    "LEFT JOIN retention_result r ON r.check_id = k.id AND r.revision = k.revision";
constexpr int kVersionColumn = 17;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

// From that column on: id, result, evidence, day, why it replaced one.
RetentionFinding FindingFrom(const db::Row& row, int first) {
  return {.id = db::AsUuid(row[first]),
          .result = AsEnum<v1::RetentionResult>(row[first + 1]),
          .evidence = AsEnum<v1::RetentionEvidence>(row[first + 2]),
          .day = db::AsDay(row[first + 3]),
          .correction = AsEnum<v1::RetentionCorrection>(row[first + 4])};
}

RetentionCheck CheckFrom(const db::Row& row) {
  RetentionCheck check{.id = db::AsUuid(row[0]),
                       .case_id = db::AsUuid(row[1]),
                       .months = row[2].as<int>(),
                       .anchor = db::AsDay(row[3]),
                       .due = db::AsDay(row[4]),
                       .occurrence = db::AsUuid(row[5]),
                       .state = AsEnum<v1::RetentionCheckState>(row[6]),
                       .attempts = row[7].as<int>(),
                       .revision = row[8].as<int>(),
                       .cancel_reason = AsEnum<v1::RetentionCancelReason>(row[9]),
                       .create_time = db::AsTime(row[10]),
                       .update_time = db::AsTime(row[11])};
  if (!row[12].is_null()) check.finding = FindingFrom(row, 12);
  return check;
}

RetentionCheckView ViewFrom(const db::Row& row) {
  RetentionCheckView view;
  view.check = CheckFrom(row);
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

const db::Statement kAttempts("retention_attempt_list", R"(
  SELECT check_id, attempt, attempt_date, channel, outcome, recorded_at FROM retention_attempt
  WHERE check_id = ANY($1::uuid[]) ORDER BY check_id, attempt)");
const db::Statement kFindings("retention_result_list", R"(
  SELECT check_id, id, result, evidence, checked_date, correction, recorded_at
  FROM retention_result WHERE check_id = ANY($1::uuid[]) ORDER BY check_id, revision)");

// The ids were found in the caller's reach.
void AddHistories(db::Tx& tx, std::vector<RetentionCheckView>* views) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, RetentionCheckView*> by_id;
  for (RetentionCheckView& view : *views) {
    ids.push_back(view.check.id);
    by_id[view.check.id] = &view;
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kAttempts, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->attempts.push_back({.number = row[1].as<int>(),
                                                   .day = db::AsDay(row[2]),
                                                   .channel = AsEnum<v1::AttemptChannel>(row[3]),
                                                   .outcome = AsEnum<v1::AttemptOutcome>(row[4]),
                                                   .record_time = db::AsTime(row[5])});
  }
  for (const auto& row : tx.Exec(kFindings, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->findings.push_back({FindingFrom(row, 1), db::AsTime(row[6])});
  }
}

}  // namespace

const std::string kOfCaseSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE k.case_id = $1 ORDER BY k.months");
const db::Statement kOfCase("retention_check_of_case", kOfCaseSql.c_str());

std::vector<RetentionCheck> RetentionChecksOf(db::Tx& tx, const base::Uuid& case_id) {
  std::vector<RetentionCheck> checks;
  for (const auto& row : tx.Exec(kOfCase, case_id)) checks.push_back(CheckFrom(row));
  return checks;
}

const db::Statement kInsert("retention_check_insert", R"(
  INSERT INTO retention_check (id, case_id, months, anchor_date, due_date, occurrence_id, state,
                               created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING)");

bool InsertRetentionCheck(db::Tx& tx, const RetentionCheck& k) {
  return tx.ExecCount(kInsert, k.id, k.case_id, k.months, k.anchor, k.due, k.occurrence, k.state,
                      k.create_time) == 1;
}

const db::Statement kSave("retention_check_save", R"(
  UPDATE retention_check
  SET anchor_date = $2, due_date = $3, occurrence_id = $4, state = $5, attempt_count = $6,
      revision = $7, cancel_reason = $8, updated_at = $9
  WHERE id = $1)");

void SaveRetentionCheck(db::Tx& tx, const RetentionCheck& k) {
  tx.Exec(kSave, k.id, k.anchor, k.due, k.occurrence, k.state, k.attempts, k.revision,
          k.cancel_reason, k.update_time);
}

const db::Statement kInsertFinding("retention_result_insert", R"(
  INSERT INTO retention_result (check_id, revision, id, result, evidence, checked_date, correction,
                                recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))");

void InsertFinding(db::Tx& tx, const RetentionCheck& check, absl::Time recorded) {
  const RetentionFinding& found = *check.finding;
  tx.Exec(kInsertFinding, check.id, check.revision, found.id, found.result, found.evidence,
          found.day, found.correction, recorded);
}

const db::Statement kInsertAttempt("retention_attempt_insert", R"(
  INSERT INTO retention_attempt (check_id, attempt, attempt_date, channel, outcome, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6))");

void InsertAttempt(db::Tx& tx, const base::Uuid& check_id, const RetentionAttempt& attempt) {
  tx.Exec(kInsertAttempt, check_id, attempt.number, attempt.day, attempt.channel, attempt.outcome,
          attempt.record_time);
}

// Purpose 2 is provision to a third party, kind 1 a firm.
const db::Statement kMayAskEmployer("retention_may_ask_employer", R"(
  SELECT 1 FROM consent_heard h JOIN organization_reference o ON o.id = h.receiver
  WHERE h.person_id IN (SELECT person_ids($1)) AND h.purpose = 2 AND h.given
    AND (h.expires_at IS NULL OR h.expires_at > $2) AND o.kind = 1 LIMIT 1)");

bool MayAskEmployer(db::Tx& tx, const base::Uuid& person, absl::Time now) {
  return tx.ExecOptional(kMayAskEmployer, person, now).has_value();
}

const db::Statement kUntold("retention_check_untold", R"(
  SELECT case_id, id, occurrence_id FROM retention_check
  WHERE state = 1 AND due_date <= $1 ORDER BY due_date, id LIMIT $2)");
const db::Statement kCountUntold("retention_check_count_untold", R"(
  SELECT count(*) FROM retention_check WHERE state = 1 AND due_date <= $1)");

std::vector<UntoldCheck> UntoldRetentionChecks(db::Tx& tx, absl::CivilDay today, int limit) {
  std::vector<UntoldCheck> due;
  for (const auto& row : tx.Exec(kUntold, today, limit)) {
    due.push_back({db::AsUuid(row[0]), db::AsUuid(row[1]), db::AsUuid(row[2])});
  }
  return due;
}

int64_t CountUntoldRetentionChecks(db::Tx& tx, absl::CivilDay today) {
  return tx.Exec(kCountUntold, today)[0][0].as<int64_t>();
}

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE k.case_id = $1 AND k.id = $2 AND ",
                 ReachSql("c", 3));
const db::Statement kFind("retention_check_find", kFindSql.c_str());

std::optional<RetentionCheckView> ReadRetentionCheck(db::Tx& tx, const Reach& reach,
                                                     const base::Uuid& case_id,
                                                     const base::Uuid& id) {
  const auto rows = tx.Run(kFind, WithReach({case_id, id}, reach));
  if (rows.empty()) return std::nullopt;
  std::vector<RetentionCheckView> views = {ViewFrom(rows[0])};
  AddHistories(tx, &views);
  return views.front();
}

const filter::ListSpec& RetentionCheckList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("k.id", "cases/{}/retentionChecks/{}").NotNull()},
                 {"months", filter::Int("k.months").NotNull()},
                 {"state", filter::Enum<v1::RetentionCheckState>("k.state").NotNull()},
                 {"due_date", filter::Date("k.due_date").NotNull()},
                 {"result", filter::Enum<v1::RetentionResult>("r.result")},
                 {"checked_date", filter::Date("r.checked_date")},
                 {"manager", filter::Resource("c.manager_id", "persons/{}")},
                 {"centre", filter::Resource("c.centre_id", "organizations/{}")},
                 {"programme", filter::Text("c.programme").NotNull()},
                 {"edition", filter::Text("c.edition").NotNull()}},
      .key = "name",
      .centres = {"c.centre_id"}};
  return *spec;
}

filter::Cursor ListRetentionChecks(db::Tx& tx, const filter::ListQuery& query,
                                   std::vector<RetentionCheckView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddHistories(tx, views);
  return next;
}

}  // namespace ieum::casemgmt
