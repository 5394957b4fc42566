#include "services/casemgmt/cases/case_template_store.h"

#include "absl/strings/str_cat.h"
#include "services/casemgmt/cases/case_rows.h"

namespace ieum::casemgmt {
namespace {

constexpr char kOwnColumns[] =
    "t.id, t.programme, t.centre_id, t.version, t.created_at, t.updated_at";
constexpr int kPaceColumn = 6, kVersionColumn = kPaceColumn + 16;
constexpr char kFrom[] =
    "case_template t JOIN case_template_version p ON p.template_id = t.id AND "
    "p.version = t.version JOIN aggregate a ON a.id = t.id";

std::string Columns() { return absl::StrCat(kOwnColumns, ", ", PaceColumns(), ", a.version"); }

CaseTemplateView ViewFrom(const db::Row& row) {
  CaseTemplateView view;
  view.t = {.id = db::AsUuid(row[0]),
            .programme = db::AsText(row[1]),
            .centre = db::AsOptionalUuid(row[2]),
            .version = row[3].as<int>(),
            .pace = PaceFrom(row, kPaceColumn),
            .create_time = db::AsTime(row[4]),
            .update_time = db::AsTime(row[5])};
  view.aggregate_version = row[kVersionColumn].as<int64_t>();
  return view;
}

std::optional<CaseTemplateView> OneOf(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

}  // namespace

const std::string kForSql = absl::StrCat(
    "SELECT ", Columns(), " FROM ", kFrom,
    " WHERE t.programme IN ($1, '') AND (t.centre_id = $2::uuid OR t.centre_id IS NULL)"
    " ORDER BY t.centre_id NULLS LAST, t.programme DESC LIMIT 1");
const db::Statement kFor("case_template_for", kForSql.c_str());

std::optional<CaseTemplate> TemplateFor(db::Tx& tx, const std::string& programme,
                                        const std::optional<base::Uuid>& centre) {
  const auto view = OneOf(tx.ExecOptional(kFor, programme, centre));
  if (!view) return std::nullopt;
  return view->t;
}

const std::string kFindSql =
    absl::StrCat("SELECT ", Columns(), " FROM ", kFrom,
                 " WHERE t.id = $1 AND ($2::boolean OR t.centre_id = ANY($3::uuid[]))");
const db::Statement kFind("case_template_find", kFindSql.c_str());
// The suite's templates are everybody's to read.
const std::string kReadSql = absl::StrCat(
    "SELECT ", Columns(), " FROM ", kFrom,
    " WHERE t.id = $1 AND (t.centre_id IS NULL OR $2::boolean OR t.centre_id = ANY($3::uuid[]))");
const db::Statement kRead("case_template_read", kReadSql.c_str());

std::optional<CaseTemplate> FindTemplate(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto view = OneOf(tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray()));
  if (!view) return std::nullopt;
  return view->t;
}

std::optional<CaseTemplateView> ReadTemplate(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id) {
  return OneOf(tx.ExecOptional(kRead, id, scope.everywhere(), scope.AsArray()));
}

const db::Statement kInsert("case_template_insert", R"(
  INSERT INTO case_template (id, programme, centre_id, version, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING)");
const db::Statement kUpdate("case_template_update", R"(
  UPDATE case_template SET version = $2, updated_at = $3
  WHERE id = $1 AND ($4::boolean OR centre_id = ANY($5::uuid[])))");
const db::Statement kInsertVersion("case_template_insert_version", R"(
  INSERT INTO case_template_version (template_id, version, published_at, contact_business_days,
    contact_crisis_days, consult_days, assessment_days, conference_days, conference_crisis_days,
    plan_days, intake_to_plan_days, urgent_plan_days, monitoring_days, monitoring_crisis_days,
    reassessment_months, reassessment_days, closing_days, max_hold_days, check_months)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19))");

namespace {

void InsertVersion(db::Tx& tx, const CaseTemplate& t) {
  std::vector<db::Param> params = {t.id, t.version, t.update_time};
  for (db::Param& length : PaceParams(t.pace)) params.push_back(std::move(length));
  tx.Run(kInsertVersion, params);
}

}  // namespace

bool InsertTemplate(db::Tx& tx, const CaseTemplate& t) {
  if (tx.Exec(kInsert, t.id, t.programme, t.centre, t.version, t.create_time).affected_rows() !=
      1) {
    return false;
  }
  InsertVersion(tx, t);
  return true;
}

void SaveTemplate(db::Tx& tx, const base::Scope& scope, const CaseTemplate& t) {
  tx.Exec(kUpdate, t.id, t.version, t.update_time, scope.everywhere(), scope.AsArray());
  InsertVersion(tx, t);
}

const filter::ListSpec& TemplateList() {
  static const auto* spec = new filter::ListSpec{
      .columns = Columns(),
      .from = kFrom,
      .fields = {{"name", filter::Resource("t.id", "caseTemplates/{}").NotNull()},
                 {"programme", filter::Text("t.programme").NotNull()},
                 {"centre", filter::Resource("t.centre_id", "organizations/{}")},
                 {"version", filter::Int("t.version").NotNull()}},
      .key = "name"};
  return *spec;
}

filter::Cursor ListTemplates(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<CaseTemplateView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
