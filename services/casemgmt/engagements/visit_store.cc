#include "services/casemgmt/engagements/visit_store.h"

#include "absl/strings/str_cat.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "v.id, v.engagement_id, v.state, v.start_time, v.end_time, v.consultant_id, "
    "v.contact_person_id, v.minutes, v.next_step, v.reported_at, v.cancel_reason, v.created_at, "
    "v.updated_at, a.version, v.centre_id";
constexpr char kFrom[] = "visit v JOIN aggregate a ON a.id = v.engagement_id";
constexpr int kVersionColumn = 13;

Visit VisitFrom(const db::Row& row) {
  Visit visit;
  visit.id = db::AsUuid(row[0]);
  visit.engagement_id = db::AsUuid(row[1]);
  visit.state = static_cast<v1::VisitState>(row[2].as<int>());
  visit.start = db::AsTime(row[3]);
  visit.end = db::AsTime(row[4]);
  visit.consultant = db::AsUuid(row[5]);
  visit.contact_person = db::AsOptionalUuid(row[6]);
  visit.minutes = db::AsText(row[7]);
  visit.next_step = db::AsText(row[8]);
  visit.report_time = db::AsOptionalTime(row[9]);
  visit.cancel_reason = static_cast<v1::VisitCancelReason>(row[10].as<int>());
  visit.create_time = db::AsTime(row[11]);
  visit.update_time = db::AsTime(row[12]);
  visit.centre = db::AsOptionalUuid(row[14]);
  return visit;
}

VisitView ViewFrom(const db::Row& row) {
  return {.visit = VisitFrom(row), .version = row[kVersionColumn].as<int64_t>()};
}

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                                          " WHERE v.engagement_id = $1 AND v.id = $2"
                                          " AND ($3::boolean OR v.centre_id = ANY($4::uuid[]))");
const db::Statement kFind("visit_find", kFindSql.c_str());

std::optional<VisitView> ReadVisit(db::Tx& tx, const base::Scope& scope,
                                   const base::Uuid& engagement_id, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, engagement_id, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ViewFrom(*row);
}

std::optional<Visit> FindVisit(db::Tx& tx, const base::Scope& scope,
                               const base::Uuid& engagement_id, const base::Uuid& id) {
  const auto view = ReadVisit(tx, scope, engagement_id, id);
  if (!view) return std::nullopt;
  return view->visit;
}

const std::string kOfEngagementSql = absl::StrCat(
    "SELECT ", kColumns, " FROM ", kFrom,
    " WHERE v.engagement_id = $1 AND ($2::boolean OR v.centre_id = ANY($3::uuid[])) ORDER BY v.id");
const db::Statement kOfEngagement("visit_of_engagement", kOfEngagementSql.c_str());

std::vector<Visit> VisitsOf(db::Tx& tx, const base::Scope& scope, const base::Uuid& engagement_id) {
  std::vector<Visit> visits;
  for (const auto& row :
       tx.Exec(kOfEngagement, engagement_id, scope.everywhere(), scope.AsArray())) {
    visits.push_back(VisitFrom(row));
  }
  return visits;
}

const db::Statement kInsert("visit_insert", R"(
  INSERT INTO visit (id, engagement_id, state, start_time, end_time, visit_date, consultant_id,
                     contact_person_id, created_at, updated_at, centre_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
  ON CONFLICT (id) DO NOTHING)");

bool InsertVisit(db::Tx& tx, const Visit& visit) {
  return tx.ExecCount(kInsert, visit.id, visit.engagement_id, visit.state, visit.start, visit.end,
                      visit.day(), visit.consultant, visit.contact_person, visit.create_time,
                      visit.centre) == 1;
}

const db::Statement kSave("visit_save", R"(
  UPDATE visit
  SET state = $2, start_time = $3, end_time = $4, visit_date = $5, consultant_id = $6,
      minutes = $7, next_step = $8, reported_at = $9, cancel_reason = $10, updated_at = $11
  WHERE id = $1 AND ($12::boolean OR centre_id = ANY($13::uuid[])))");

void SaveVisit(db::Tx& tx, const base::Scope& scope, const Visit& visit) {
  tx.Exec(kSave, visit.id, visit.state, visit.start, visit.end, visit.day(), visit.consultant,
          visit.minutes, visit.next_step, visit.report_time, visit.cancel_reason, visit.update_time,
          scope.everywhere(), scope.AsArray());
}

bool TakeHours(db::Tx& tx, const Visit& visit) {
  return TakeHours(tx, ConsultantHours{visit.id, visit.consultant, visit.start, visit.end});
}

const filter::ListSpec& VisitList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("v.id", "engagements/{}/visits/{}").NotNull()},
                 {"state", filter::Enum<v1::VisitState>("v.state").NotNull()},
                 {"visit_date", filter::Date("v.visit_date").NotNull()},
                 {"consultant", filter::Resource("v.consultant_id", "persons/{}").NotNull()},
                 {"contact_person", filter::Resource("v.contact_person_id", "persons/{}")},
                 {"report_time", filter::Timestamp("v.reported_at")}},
      .key = "name",
      .centres = {"v.centre_id"}};
  return *spec;
}

filter::Cursor ListVisits(db::Tx& tx, const filter::ListQuery& query,
                          std::vector<VisitView>* views) {
  views->clear();
  return query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
}

}  // namespace ieum::casemgmt
