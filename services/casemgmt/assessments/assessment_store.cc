#include "services/casemgmt/assessments/assessment_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

// Names under which words are sealed; they are bound into the boxes and never change.
constexpr char kOverrideBox[] = "assessment_override";
constexpr char kNeedsBox[] = "assessment_needs";
constexpr char kReturnBox[] = "assessment_return";

constexpr char kColumns[] =
    "s.id, s.case_id, s.version, s.state, s.reassessment, s.instrument_id, i.code, i.version, "
    "s.score, s.computed_level, s.level, s.primary_factor, s.assessed_date, s.author, "
    "s.author_person_id, s.decider, s.decided_date, s.created_at, s.updated_at";
constexpr char kFrom[] = "assessment s JOIN instrument i ON i.id = s.instrument_id";
// As it is shown.
const std::string kShownColumns =
    absl::StrCat(kColumns, ", s.override_box, s.needs_box, s.return_box, c.person_id, a.version");
constexpr char kShownFrom[] =
    "assessment s JOIN instrument i ON i.id = s.instrument_id JOIN casefile c ON c.id = s.case_id "
    "JOIN aggregate a ON a.id = s.case_id";
constexpr int kOverrideColumn = 19, kNeedsColumn = 20, kReturnColumn = 21, kPersonColumn = 22,
              kVersionColumn = 23;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

Assessment AssessmentFrom(const db::Row& row) {
  Assessment s;
  s.id = db::AsUuid(row[0]);
  s.case_id = db::AsUuid(row[1]);
  s.version = row[2].as<int>();
  s.state = AsEnum<v1::AssessmentState>(row[3]);
  s.reassessment = row[4].as<bool>();
  s.instrument_id = db::AsUuid(row[5]);
  s.instrument_code = db::AsText(row[6]);
  s.instrument_version = row[7].as<int>();
  s.score = db::AsText(row[8]);
  s.computed_level = AsEnum<v1::RiskLevel>(row[9]);
  s.level = AsEnum<v1::RiskLevel>(row[10]);
  s.primary_factor = db::AsText(row[11]);
  s.assessed_day = db::AsDay(row[12]);
  s.author = {.subject = db::AsUuid(row[13]), .person = db::AsOptionalUuid(row[14])};
  s.decider = db::AsOptionalUuid(row[15]);
  s.decided_day = db::AsOptionalDay(row[16]);
  s.create_time = db::AsTime(row[17]);
  s.update_time = db::AsTime(row[18]);
  return s;
}

const db::Statement kSeverities("assessment_severities", R"(
  SELECT assessment_id, code, severity FROM assessment_factor
  WHERE assessment_id = ANY($1::uuid[]))");

void AddSeverities(db::Tx& tx, const std::vector<Assessment*>& assessments) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, Assessment*> by_id;
  for (Assessment* assessment : assessments) {
    ids.push_back(assessment->id);
    by_id[assessment->id] = assessment;
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kSeverities, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->severities[db::AsText(row[1])] = row[2].as<int>();
  }
}

absl::Status OpenWords(const SealedWords& sealed, const db::Row& row, Assessment* assessment) {
  ASSIGN_OR_RETURN(assessment->override_reason,
                   sealed.Words(kOverrideBox, db::AsBytes(row[kOverrideColumn])));
  ASSIGN_OR_RETURN(assessment->needs, sealed.Words(kNeedsBox, db::AsBytes(row[kNeedsColumn])));
  ASSIGN_OR_RETURN(assessment->return_comment,
                   sealed.Words(kReturnBox, db::AsBytes(row[kReturnColumn])));
  return absl::OkStatus();
}

// All rows are of one case.
absl::StatusOr<std::vector<AssessmentView>> ViewsOf(db::Tx& tx, const db::PersonKeys& keys,
                                                    const std::vector<db::Row>& rows) {
  std::vector<AssessmentView> views;
  if (rows.empty()) return views;
  const auto person = db::AsOptionalUuid(rows.front()[kPersonColumn]);
  ASSIGN_OR_RETURN(const SealedWords sealed, SealedWords::ToRead(tx, keys, person));
  for (const db::Row& row : rows) {
    AssessmentView view{.assessment = AssessmentFrom(row),
                        .anonymised = !person.has_value(),
                        .version = row[kVersionColumn].as<int64_t>()};
    RETURN_IF_ERROR(OpenWords(sealed, row, &view.assessment));
    views.push_back(std::move(view));
  }
  std::vector<Assessment*> assessments;
  for (AssessmentView& view : views) assessments.push_back(&view.assessment);
  AddSeverities(tx, assessments);
  return views;
}

std::vector<db::Row> AllOf(const db::Rows& rows) {
  // In parentheses: an iterator of rows is a row, too.
  return std::vector<db::Row>(rows.begin(), rows.end());
}

std::optional<Assessment> WholeOf(db::Tx& tx, const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  Assessment assessment = AssessmentFrom(*row);
  AddSeverities(tx, {&assessment});
  return assessment;
}

}  // namespace

const std::string kNewestSql = absl::StrCat(
    "SELECT ", kColumns, " FROM ", kFrom, " WHERE s.case_id = $1 ORDER BY s.version DESC LIMIT 1");
const db::Statement kNewest("assessment_newest", kNewestSql.c_str());

std::optional<Assessment> NewestAssessment(db::Tx& tx, const base::Uuid& case_id) {
  return WholeOf(tx, tx.ExecOptional(kNewest, case_id));
}

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom, " WHERE s.case_id = $1 AND s.id = $2");
const db::Statement kFind("assessment_find", kFindSql.c_str());

std::optional<Assessment> FindAssessment(db::Tx& tx, const base::Uuid& case_id,
                                         const base::Uuid& id) {
  return WholeOf(tx, tx.ExecOptional(kFind, case_id, id));
}

const db::Statement kInsert("assessment_insert", R"(
  INSERT INTO assessment
    (id, case_id, version, state, reassessment, instrument_id, score, computed_level, level,
     primary_factor, override_box, needs_box, assessed_date, author, author_person_id, created_at,
     updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::bytea, $12::bytea, $13, $14, $15, $16,
          $16))");

const db::Statement kInsertSeverities("assessment_insert_severities", R"(
  INSERT INTO assessment_factor (assessment_id, code, severity)
  SELECT $1, code, severity FROM unnest($2::text[], $3::smallint[]) AS asked (code, severity))");

void InsertAssessment(db::Tx& tx, const SealedWords& sealed, const Assessment& s) {
  tx.Exec(kInsert, s.id, s.case_id, s.version, s.state, s.reassessment, s.instrument_id, s.score,
          s.computed_level, s.level, s.primary_factor, sealed.Box(kOverrideBox, s.override_reason),
          sealed.Box(kNeedsBox, s.needs), s.assessed_day, s.author.subject, s.author.person,
          s.create_time);
  std::vector<db::Param> codes, severities;
  for (const auto& [code, severity] : s.severities) {
    codes.emplace_back(code);
    severities.emplace_back(severity);
  }
  tx.ExecLater(kInsertSeverities, s.id, db::Array(codes), db::Array(severities));
}

const db::Statement kDecide("assessment_decide", R"(
  UPDATE assessment
  SET state = $2, decider = $3, decided_date = $4, return_box = $5::bytea, updated_at = $6
  WHERE id = $1)");

void SaveDecision(db::Tx& tx, const SealedWords& sealed, const Assessment& s) {
  tx.Exec(kDecide, s.id, s.state, s.decider, s.decided_day,
          sealed.Box(kReturnBox, s.return_comment), s.update_time);
}

// State 2 is APPROVED.
const db::Statement kApproved("assessment_approved_severities", R"(
  SELECT newest.case_id, f.code, f.severity
  FROM (SELECT DISTINCT ON (case_id) case_id, id FROM assessment
        WHERE case_id = ANY($1::uuid[]) AND state = 2 ORDER BY case_id, version DESC) AS newest
  JOIN assessment_factor f ON f.assessment_id = newest.id
  ORDER BY newest.case_id, f.code)");

std::vector<std::pair<base::Uuid, Severities>> ApprovedSeverities(
    db::Tx& tx, const std::vector<base::Uuid>& case_ids) {
  std::vector<std::pair<base::Uuid, Severities>> all;
  for (const auto& row : tx.Exec(kApproved, db::ArrayOf(case_ids))) {
    const base::Uuid case_id = db::AsUuid(row[0]);
    if (all.empty() || all.back().first != case_id) all.emplace_back(case_id, Severities());
    all.back().second[db::AsText(row[1])] = row[2].as<int>();
  }
  return all;
}

const std::string kReadSql =
    absl::StrCat("SELECT ", kShownColumns, " FROM ", kShownFrom,
                 " WHERE s.case_id = $1 AND s.id = $2 AND ", ReachSql("c", 3));
const db::Statement kRead("assessment_read", kReadSql.c_str());

absl::StatusOr<std::optional<AssessmentView>> ReadAssessment(db::Tx& tx, const db::PersonKeys& keys,
                                                             const Reach& reach,
                                                             const base::Uuid& case_id,
                                                             const base::Uuid& id) {
  const db::Rows rows = tx.Run(kRead, WithReach({case_id, id}, reach));
  ASSIGN_OR_RETURN(auto views, ViewsOf(tx, keys, AllOf(rows)));
  if (views.empty()) return std::optional<AssessmentView>();
  return std::optional(std::move(views.front()));
}

const std::string kFirstAndLastSql = absl::StrCat(
    "SELECT ", kShownColumns, " FROM ", kShownFrom,
    " WHERE s.case_id = $1 AND s.state = 2 AND s.version IN (SELECT unnest(ARRAY[min(version),"
    " max(version)]) FROM assessment WHERE case_id = $1 AND state = 2) AND ",
    ReachSql("c", 2), " ORDER BY s.version");
const db::Statement kFirstAndLast("assessment_first_and_last", kFirstAndLastSql.c_str());

absl::StatusOr<std::vector<AssessmentView>> ReadFirstAndLast(db::Tx& tx, const db::PersonKeys& keys,
                                                             const Reach& reach,
                                                             const base::Uuid& case_id) {
  return ViewsOf(tx, keys, AllOf(tx.Run(kFirstAndLast, WithReach({case_id}, reach))));
}

const std::string kSeesSql =
    absl::StrCat("SELECT 1 FROM casefile c WHERE c.id = $1 AND ", ReachSql("c", 2));
const db::Statement kSees("assessment_sees_case", kSeesSql.c_str());

bool SeesCase(db::Tx& tx, const Reach& reach, const base::Uuid& case_id) {
  return !tx.Run(kSees, WithReach({case_id}, reach)).empty();
}

const filter::ListSpec& AssessmentList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kShownColumns,
      .from = kShownFrom,
      .fields = {{"version", filter::Int("s.version").NotNull()},
                 {"state", filter::Enum<v1::AssessmentState>("s.state").NotNull()},
                 {"reassessment", filter::Bool("s.reassessment").NotNull()},
                 {"assessed_date", filter::Date("s.assessed_date").NotNull()}},
      .key = "version"};  // of one case
  return *spec;
}

absl::StatusOr<filter::Cursor> ListAssessments(db::Tx& tx, const db::PersonKeys& keys,
                                               const filter::ListQuery& query,
                                               std::vector<AssessmentView>* views) {
  std::vector<db::Row> rows;
  filter::Cursor next = query.Read(tx, [&](const db::Row& row) { rows.push_back(row); });
  ASSIGN_OR_RETURN(*views, ViewsOf(tx, keys, rows));
  return next;
}

}  // namespace ieum::casemgmt
