#include "services/casemgmt/cases/case_store.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/casemgmt/cases/case_rows.h"

namespace ieum::casemgmt {
namespace {

constexpr char kFrom[] =
    "casefile c JOIN aggregate a ON a.id = c.id LEFT JOIN case_template_version p "
    "ON p.template_id = c.template_id AND p.version = c.template_version";

// The nil id stands for the suite where a key cannot be empty.
base::Uuid KeyOf(const std::optional<base::Uuid>& centre) { return centre.value_or(base::Uuid()); }

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", CaseColumns(), " FROM ", kFrom,
                                          " WHERE c.id = $1 AND ", ReachSql("c", 2));
const db::Statement kFind("case_find", kFindSql.c_str());

std::optional<CaseView> ReadCase(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  const db::Rows rows = tx.Run(kFind, WithReach({id}, reach));
  if (rows.empty()) return std::nullopt;
  return CaseViewFrom(rows[0]);
}

std::optional<Case> FindCase(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  const auto view = ReadCase(tx, reach, id);
  if (!view) return std::nullopt;
  return view->c;
}

const std::string kFindManySql =
    absl::StrCat("SELECT ", CaseColumns(), " FROM ", kFrom, " WHERE c.id = ANY($1::uuid[])");
const db::Statement kFindMany("case_find_many", kFindManySql.c_str());

absl::flat_hash_map<base::Uuid, CaseView> ReadCases(db::Tx& tx,
                                                    const std::vector<base::Uuid>& ids) {
  absl::flat_hash_map<base::Uuid, CaseView> found;
  for (const auto& row : tx.Exec(kFindMany, db::ArrayOf(ids))) {
    CaseView view = CaseViewFrom(row);
    found.emplace(view.c.id, std::move(view));
  }
  return found;
}

constexpr ledger::OwnRead<CaseView> kOwn{ReadCases};

std::optional<Case> FindLockedCase(ledger::UnitOfWork& work, const Reach& reach,
                                   const base::Uuid& id) {
  auto view = work.Own(kOwn, id);
  if (!view || !Reaches(reach, view->c.centre, view->c.manager_subject)) return std::nullopt;
  return std::move(view->c);
}

const std::string kInsertSql = InsertCaseSql();
const db::Statement kInsert("case_insert", kInsertSql.c_str());

bool InsertCase(db::Tx& tx, const Case& c) {
  return tx.Run(kInsert, CaseParams(c)).affected_rows() == 1;
}

const std::string kUpdateSql = UpdateCaseSql();
const db::Statement kUpdate("case_update", kUpdateSql.c_str());

void UpdateCase(db::Tx& tx, const Case& c) { tx.Run(kUpdate, CaseParams(c)); }

const db::Statement kHoldOpening("case_hold_opening", R"(
  SELECT pg_advisory_xact_lock(hashtextextended('case/' || person_survivor($1)::text, 0)))");

void HoldOpeningOf(db::Tx& tx, const base::Uuid& person) { tx.Exec(kHoldOpening, person); }

const db::Statement kFindOpen("case_find_open", R"(
  SELECT id FROM casefile
  WHERE person_id IN (SELECT person_ids($1)) AND programme = $2 AND edition = $3
    AND state BETWEEN 1 AND 10 LIMIT 1)");

std::optional<base::Uuid> FindOpenCase(db::Tx& tx, const base::Uuid& person,
                                       const std::string& programme, const std::string& edition) {
  const auto row = tx.ExecOptional(kFindOpen, person, programme, edition);
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

const db::Statement kOfPerson("case_of_person",
                              "SELECT id FROM casefile WHERE person_id = $1 ORDER BY id");

std::vector<base::Uuid> CasesOfPerson(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const auto& row : tx.Exec(kOfPerson, person)) ids.push_back(db::AsUuid(row[0]));
  return ids;
}

const db::Statement kNextNumber("case_next_number", R"(
  INSERT INTO case_counter AS counter (centre_id, year, last_number) VALUES ($1, $2, 1)
  ON CONFLICT (centre_id, year) DO UPDATE SET last_number = counter.last_number + 1
  RETURNING last_number)");

int64_t NextCaseNumber(db::Tx& tx, const std::optional<base::Uuid>& centre, absl::CivilYear year) {
  return tx.Exec(kNextNumber, KeyOf(centre), year.year())[0][0].as<int64_t>();
}

const db::Statement kAddTransition("case_transition_add", R"(
  INSERT INTO case_transition (case_id, step, state, day, recorded_at)
  SELECT $1, coalesce(max(step), 0) + 1, $2, $3, $4 FROM case_transition WHERE case_id = $1)");

void AddTransition(db::Tx& tx, const Case& c, absl::CivilDay day, absl::Time now) {
  tx.ExecLater(kAddTransition, c.id, c.state, day, now);
}

const db::Statement kTransitions("case_transitions", R"(
  SELECT state, day, recorded_at FROM case_transition WHERE case_id = $1 ORDER BY step)");

std::vector<CaseTransition> TransitionsOf(db::Tx& tx, const base::Uuid& id) {
  std::vector<CaseTransition> all;
  for (const auto& row : tx.Exec(kTransitions, id)) {
    all.push_back({.state = static_cast<v1::CaseState>(row[0].as<int>()),
                   .day = db::AsDay(row[1]),
                   .record_time = db::AsTime(row[2])});
  }
  return all;
}

const db::Statement kKeepOwner("case_ownership_keep", R"(
  INSERT INTO case_ownership (case_id, epoch, centre_id, manager_subject, since)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (case_id, epoch) DO UPDATE SET manager_subject = EXCLUDED.manager_subject)");

void KeepOwner(db::Tx& tx, const Case& c, absl::Time now) {
  tx.ExecLater(kKeepOwner, c.id, c.ownership_epoch, c.centre, c.manager_subject, now);
}

// Who leads it now and does not reach it is told nothing of it.
const std::string kLedBeforeSql = absl::StrCat(
    "SELECT 1 FROM case_ownership o WHERE o.case_id = $1 AND o.epoch < "
    "(SELECT max(epoch) FROM case_ownership WHERE case_id = $1) AND ",
    ReachSql("o", 2), " LIMIT 1");
const db::Statement kLedBefore("case_ownership_before", kLedBeforeSql.c_str());

bool LedBefore(db::Tx& tx, const Reach& reach, const base::Uuid& id) {
  return !tx.Run(kLedBefore, WithReach({id}, reach)).empty();
}

namespace {

// Who, where and by whom.
#define IEUM_CASE_NAME_FIELDS                                              \
  {"name", filter::Resource("c.id", "cases/{}").NotNull()},                \
      {"person", filter::Resource("c.person_id", "persons/{}")},           \
      {"programme", filter::Text("c.programme").NotNull()},                \
      {"edition", filter::Text("c.edition").NotNull()},                    \
      {"centre", filter::Resource("c.centre_id", "organizations/{}")},     \
      {"manager", filter::Resource("c.manager_subject", "subjects/{}")}, { \
    "case_number", filter::Text("c.case_number")                           \
  }

filter::FieldMap NameFields() { return {IEUM_CASE_NAME_FIELDS}; }

filter::FieldMap AllFields() {
  return {IEUM_CASE_NAME_FIELDS,
          {"line_code", filter::Text("c.line_code").NotNull()},
          {"state", filter::Enum<v1::CaseState>("c.state").NotNull()},
          {"on_hold", filter::Bool("c.on_hold").NotNull()},
          {"risk_level", filter::Enum<v1::RiskLevel>("c.risk_level").NotNull()},
          {"classification", filter::Enum<v1::CaseClassification>("c.classification").NotNull()},
          {"source", filter::Enum<v1::CaseSource>("c.source").NotNull()},
          {"participant", filter::Resource("c.participant", "participants/{}").NotNull()},
          {"opened_date", filter::Date("c.opened_date").NotNull()},
          {"intake_date", filter::Date("c.intake_date")},
          {"due_date", filter::Date("c.due_date")},
          {"plan_due_date", filter::Date("least(c.plan_due_date, c.urgent_due_date)")},
          {"closed_date", filter::Date("c.closed_date")},
          {"create_time", filter::Timestamp("c.created_at").NotNull()}};
}

filter::ListSpec Spec(filter::FieldMap fields) {
  return {.columns = CaseColumns(),
          .from = kFrom,
          .fields = std::move(fields),
          .key = "name",
          .centres = {"c.centre_id"}};
}

}  // namespace

const filter::ListSpec& CaseList() {
  static const auto* spec = new filter::ListSpec(Spec(AllFields()));
  return *spec;
}

const filter::ListSpec& CaseNameList() {
  static const auto* spec = new filter::ListSpec(Spec(NameFields()));
  return *spec;
}

filter::Cursor ListCases(db::Tx& tx, const filter::ListQuery& query, std::vector<CaseView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(CaseViewFrom(row)); });
}

const db::Statement kHistory("case_history", R"(
  SELECT version, type, occurred_at, actor FROM event_log WHERE aggregate_id = $1
  ORDER BY version DESC LIMIT $2)");

std::vector<CaseHistoryEntry> HistoryOf(db::Tx& tx, const base::Uuid& id, int limit) {
  std::vector<CaseHistoryEntry> entries;
  for (const auto& row : tx.Exec(kHistory, id, limit)) {
    const std::string type = db::AsText(row[1]);
    entries.push_back({.version = row[0].as<int64_t>(),
                       .type = type.substr(type.rfind('.') + 1),
                       .at = db::AsTime(row[2]),
                       .actor = db::AsText(row[3])});
  }
  return entries;
}

const db::Statement kForget("case_forget", R"(
  UPDATE casefile SET person_id = NULL, source_enrolment_campaign = NULL,
    source_enrolment_id = NULL, source_organization_id = NULL WHERE id = $1)");
const db::Statement kForgetWords("case_words_forget",
                                 "UPDATE case_words SET box = NULL WHERE case_id = $1");

void ForgetCase(db::Tx& tx, const base::Uuid& id) {
  tx.Exec(kForget, id);
  tx.Exec(kForgetWords, id);
}

}  // namespace ieum::casemgmt
