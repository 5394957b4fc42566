#include "services/casemgmt/engagements/recommendation_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/types.pb.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "r.id, r.engagement_id, r.measure, r.scheme_code, r.recommended_date, r.state, "
    "r.adopted_date, r.adoption_id, r.created_at, r.updated_at, a.version";
constexpr char kFrom[] =
    "recommendation r JOIN engagement e ON e.id = r.engagement_id "
    "JOIN aggregate a ON a.id = r.engagement_id";
constexpr int kVersionColumn = 10;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

RecommendationView ViewFrom(const db::Row& row) {
  RecommendationView view;
  Recommendation& recommendation = view.recommendation;
  recommendation.id = db::AsUuid(row[0]);
  recommendation.engagement_id = db::AsUuid(row[1]);
  recommendation.measure = db::AsText(row[2]);
  recommendation.scheme_code = db::AsText(row[3]);
  recommendation.day = db::AsDay(row[4]);
  recommendation.state = AsEnum<v1::RecommendationState>(row[5]);
  if (!row[6].is_null()) recommendation.adoption = Adoption{db::AsUuid(row[7]), db::AsDay(row[6])};
  recommendation.create_time = db::AsTime(row[8]);
  recommendation.update_time = db::AsTime(row[9]);
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

AdoptionCheck CheckFrom(const db::Row& row) {
  AdoptionCheck check{.id = db::AsUuid(row[1]),
                      .months = row[2].as<int>(),
                      .due = db::AsDay(row[3]),
                      .state = AsEnum<v1::AdoptionCheckState>(row[4]),
                      .revision = row[5].as<int>()};
  if (row[6].is_null()) return check;
  check.outcome = AsEnum<v1::AdoptionOutcome>(row[6]);
  check.evidence_kind = AsEnum<v1::AdoptionEvidence>(row[7]);
  check.evidence = db::AsText(row[8]);
  check.checked_day = db::AsDay(row[9]);
  return check;
}

const db::Statement kChecks("adoption_check_list", R"(
  SELECT c.recommendation_id, c.id, c.months, c.due_date, c.state, c.revision, f.outcome,
         f.evidence_kind, f.evidence, f.checked_date
  FROM adoption_check c
  LEFT JOIN adoption_finding f ON f.check_id = c.id AND f.revision = c.revision
  WHERE c.recommendation_id = ANY($1::uuid[])
  ORDER BY c.recommendation_id, c.months)");

// The ids were found in the caller's scope.
void AddChecks(db::Tx& tx, std::vector<RecommendationView>* views) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, Recommendation*> by_id;
  for (RecommendationView& view : *views) {
    ids.push_back(view.recommendation.id);
    by_id[view.recommendation.id] = &view.recommendation;
  }
  if (ids.empty()) return;
  for (const auto& row : tx.Exec(kChecks, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->checks.push_back(CheckFrom(row));
  }
}

}  // namespace

const std::string kFindSql = absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                                          " WHERE r.engagement_id = $1 AND r.id = $2"
                                          " AND ($3::boolean OR e.centre_id = ANY($4::uuid[]))");
const db::Statement kFind("recommendation_find", kFindSql.c_str());

std::optional<RecommendationView> ReadRecommendation(db::Tx& tx, const base::Scope& scope,
                                                     const base::Uuid& engagement_id,
                                                     const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, engagement_id, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  std::vector<RecommendationView> views = {ViewFrom(*row)};
  AddChecks(tx, &views);
  return views.front();
}

std::optional<Recommendation> FindRecommendation(db::Tx& tx, const base::Scope& scope,
                                                 const base::Uuid& engagement_id,
                                                 const base::Uuid& id) {
  const auto view = ReadRecommendation(tx, scope, engagement_id, id);
  if (!view) return std::nullopt;
  return view->recommendation;
}

const std::string kOfEngagementSql = absl::StrCat(
    "SELECT ", kColumns, " FROM ", kFrom,
    " WHERE r.engagement_id = $1 AND ($2::boolean OR e.centre_id = ANY($3::uuid[])) ORDER BY r.id");
const db::Statement kOfEngagement("recommendation_of_engagement", kOfEngagementSql.c_str());

std::vector<Recommendation> RecommendationsOf(db::Tx& tx, const base::Scope& scope,
                                              const base::Uuid& engagement_id) {
  std::vector<RecommendationView> views;
  for (const auto& row :
       tx.Exec(kOfEngagement, engagement_id, scope.everywhere(), scope.AsArray())) {
    views.push_back(ViewFrom(row));
  }
  AddChecks(tx, &views);
  std::vector<Recommendation> all;
  for (RecommendationView& view : views) all.push_back(std::move(view.recommendation));
  return all;
}

const db::Statement kInsert("recommendation_insert", R"(
  INSERT INTO recommendation (id, engagement_id, measure, scheme_code, recommended_date, state,
                              created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7))");
const db::Statement kInsertCheck("adoption_check_insert", R"(
  INSERT INTO adoption_check (id, recommendation_id, months, due_date, state)
  VALUES ($1, $2, $3, $4, $5))");

void InsertRecommendation(db::Tx& tx, const Recommendation& r) {
  tx.Exec(kInsert, r.id, r.engagement_id, r.measure, r.scheme_code, r.day, r.state, r.create_time);
  for (const AdoptionCheck& check : r.checks) {
    tx.Exec(kInsertCheck, check.id, r.id, check.months, check.due, check.state);
  }
}

const db::Statement kSave("recommendation_save", R"(
  UPDATE recommendation SET state = $2, adopted_date = $3, adoption_id = $4, updated_at = $5
  WHERE id = $1)");
const db::Statement kSaveCheck("adoption_check_save", R"(
  UPDATE adoption_check SET state = $2, revision = $3
  WHERE id = $1 AND (state <> $2 OR revision <> $3))");

void SaveRecommendation(db::Tx& tx, const Recommendation& r) {
  const auto day = r.adoption ? std::optional(r.adoption->day) : std::nullopt;
  const auto id = r.adoption ? std::optional(r.adoption->id) : std::nullopt;
  tx.Exec(kSave, r.id, r.state, day, id, r.update_time);
  for (const AdoptionCheck& check : r.checks) {
    tx.Exec(kSaveCheck, check.id, check.state, check.revision);
  }
}

const db::Statement kInsertFinding("adoption_finding_insert", R"(
  INSERT INTO adoption_finding (check_id, revision, outcome, evidence_kind, evidence, checked_date,
                                recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7))");

void InsertFinding(db::Tx& tx, const AdoptionCheck& check, absl::Time recorded) {
  tx.Exec(kInsertFinding, check.id, check.revision, check.outcome, check.evidence_kind,
          check.evidence, check.checked_day, recorded);
}

const db::Statement kUntold("adoption_check_untold", R"(
  SELECT r.engagement_id, r.id, c.id
  FROM adoption_check c JOIN recommendation r ON r.id = c.recommendation_id
  WHERE c.state = 1 AND c.due_date <= $1
  ORDER BY c.due_date, c.id LIMIT $2)");
const db::Statement kCountUntold("adoption_check_count_untold", R"(
  SELECT count(*) FROM adoption_check WHERE state = 1 AND due_date <= $1)");

std::vector<DueAdoptionCheck> UntoldAdoptionChecks(db::Tx& tx, absl::CivilDay today, int limit) {
  std::vector<DueAdoptionCheck> due;
  for (const auto& row : tx.Exec(kUntold, today, limit)) {
    due.push_back({db::AsUuid(row[0]), db::AsUuid(row[1]), db::AsUuid(row[2])});
  }
  return due;
}

int64_t CountUntoldAdoptionChecks(db::Tx& tx, absl::CivilDay today) {
  return tx.Exec(kCountUntold, today)[0][0].as<int64_t>();
}

const filter::ListSpec& RecommendationList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("r.id", "engagements/{}/recommendations/{}").NotNull()},
                 {"state", filter::Enum<v1::RecommendationState>("r.state").NotNull()},
                 {"scheme_code", filter::Text("r.scheme_code").NotNull()},
                 {"recommended_date", filter::Date("r.recommended_date").NotNull()},
                 {"adopted_date", filter::Date("r.adopted_date")},
                 {"organization",
                  filter::Resource("e.organization_id", "organizations/{}").NotNull()},
                 {"task", filter::Enum<registry::v1::TaskKind>("e.task").NotNull()},
                 {"programme", filter::Text("e.programme").NotNull()},
                 {"edition", filter::Text("e.edition").NotNull()},
                 {"create_time", filter::Timestamp("r.created_at").NotNull()}},
      .key = "name",
      .centres = {"e.centre_id"}};
  return *spec;
}

filter::Cursor ListRecommendations(db::Tx& tx, const filter::ListQuery& query,
                                   std::vector<RecommendationView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddChecks(tx, views);
  return next;
}

}  // namespace ieum::casemgmt
