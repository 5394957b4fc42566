#include "services/casemgmt/engagements/engagement_store.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/types.pb.h"

namespace ieum::casemgmt {
namespace {

constexpr char kColumns[] =
    "e.id, e.organization_id, e.campaign_id, e.campaign_code, e.programme, e.edition, e.task, "
    "e.state, e.consultant_id, e.manager_id, e.contact_person_id, e.lead_source, e.lead_date, "
    "e.vulnerability_reasons, e.last_step_date, e.visit_count, e.diagnosed_date, "
    "e.diagnosis_score, e.diagnosis_findings, e.plan_agreed_date, e.plan_tasks, "
    "e.planned_visit_count, e.recommended_scheme_codes, e.result_summary, e.approver_id, "
    "e.decline_reason, e.drop_reason, e.created_at, e.updated_at, a.version, e.centre_id, "
    "e.second_diagnosed_date, e.second_diagnosis_score, e.second_diagnosis_findings, k.min_visits, "
    "k.second_diagnosis";
constexpr char kFrom[] =
    "engagement e JOIN aggregate a ON a.id = e.id LEFT JOIN consulting_terms k ON k.task = e.task";
constexpr int kVersionColumn = 29;

template <class E>
E AsEnum(const pqxx::field& field) {
  return static_cast<E>(field.as<int>());
}

std::vector<std::string> AsTexts(const pqxx::field& field) {
  std::vector<std::string> texts;
  if (field.is_null()) return texts;
  auto elements = field.as_array();
  for (auto next = elements.get_next(); next.first != pqxx::array_parser::done;
       next = elements.get_next()) {
    if (next.first == pqxx::array_parser::string_value) texts.push_back(next.second);
  }
  return texts;
}

// Day, score and findings from that column on.
std::optional<Diagnosis> DiagnosisFrom(const db::Row& row, int first) {
  if (row[first].is_null()) return std::nullopt;
  return Diagnosis{.day = db::AsDay(row[first]),
                   .score = db::AsText(row[first + 1]),
                   .findings = db::AsText(row[first + 2])};
}

void ReadConsulting(const db::Row& row, Engagement* engagement) {
  engagement->diagnosis = DiagnosisFrom(row, 16);
  engagement->second_diagnosis = DiagnosisFrom(row, 31);
  if (!row[19].is_null()) {
    engagement->plan = ConsultingPlan{.agreed_day = db::AsDay(row[19]),
                                      .tasks = AsTexts(row[20]),
                                      .planned_visit_count = row[21].as<int>(),
                                      .recommended_scheme_codes = AsTexts(row[22])};
  }
  engagement->result_summary = db::AsText(row[23]);
  engagement->approver = db::AsOptionalUuid(row[24]);
  if (row[34].is_null()) return;
  engagement->terms = {.min_visits = row[34].as<int>(), .second_diagnosis = row[35].as<bool>()};
}

Engagement EngagementFrom(const db::Row& row) {
  Engagement engagement;
  engagement.id = db::AsUuid(row[0]);
  engagement.organization_id = db::AsUuid(row[1]);
  engagement.campaign_id = db::AsUuid(row[2]);
  engagement.campaign_code = db::AsText(row[3]);
  engagement.programme = db::AsText(row[4]);
  engagement.edition = db::AsText(row[5]);
  engagement.task = AsEnum<registry::v1::TaskKind>(row[6]);
  engagement.state = AsEnum<v1::EngagementState>(row[7]);
  engagement.consultant = db::AsOptionalUuid(row[8]);
  engagement.manager = db::AsOptionalUuid(row[9]);
  engagement.contact_person = db::AsOptionalUuid(row[10]);
  engagement.lead_source = AsEnum<v1::LeadSource>(row[11]);
  engagement.lead_day = db::AsDay(row[12]);
  for (const std::string& reason : AsTexts(row[13])) {
    engagement.vulnerability_reasons.push_back(
        static_cast<v1::VulnerabilityReason>(std::stoi(reason)));
  }
  engagement.last_step_day = db::AsDay(row[14]);
  engagement.visit_count = row[15].as<int>();
  ReadConsulting(row, &engagement);
  engagement.decline_reason = AsEnum<v1::DeclineReason>(row[25]);
  engagement.drop_reason = AsEnum<v1::DropReason>(row[26]);
  engagement.create_time = db::AsTime(row[27]);
  engagement.update_time = db::AsTime(row[28]);
  engagement.centre = db::AsOptionalUuid(row[30]);
  return engagement;
}

EngagementView ViewFrom(const db::Row& row) {
  EngagementView view;
  view.engagement = EngagementFrom(row);
  view.version = row[kVersionColumn].as<int64_t>();
  return view;
}

}  // namespace

const std::string kFindSql =
    absl::StrCat("SELECT ", kColumns, " FROM ", kFrom,
                 " WHERE e.id = $1 AND ($2::boolean OR e.centre_id = ANY($3::uuid[]))");
const db::Statement kFind("engagement_find", kFindSql.c_str());

std::optional<Engagement> FindEngagement(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return EngagementFrom(*row);
}

const db::Statement kInsert("engagement_insert", R"(
  INSERT INTO engagement
    (id, organization_id, campaign_id, campaign_code, programme, edition, task, state,
     consultant_id, manager_id, contact_person_id, lead_source, lead_date, vulnerability_reasons,
     last_step_date, created_at, updated_at, centre_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17)
  ON CONFLICT DO NOTHING)");

bool InsertEngagement(db::Tx& tx, const Engagement& engagement) {
  return tx.ExecCount(kInsert, engagement.id, engagement.organization_id, engagement.campaign_id,
                      engagement.campaign_code, engagement.programme, engagement.edition,
                      engagement.task, engagement.state, engagement.consultant, engagement.manager,
                      engagement.contact_person, engagement.lead_source, engagement.lead_day,
                      db::ArrayOf(engagement.vulnerability_reasons), engagement.last_step_day,
                      engagement.create_time, engagement.centre) == 1;
}

const db::Statement kSave("engagement_save", R"(
  UPDATE engagement
  SET state = $2, consultant_id = $3, manager_id = $4, contact_person_id = $5,
      last_step_date = $6, visit_count = $7, diagnosed_date = $8, diagnosis_score = $9,
      diagnosis_findings = $10, plan_agreed_date = $11, plan_tasks = $12,
      planned_visit_count = $13, recommended_scheme_codes = $14, result_summary = $15,
      approver_id = $16, decline_reason = $17, drop_reason = $18, second_diagnosed_date = $19,
      second_diagnosis_score = $20, second_diagnosis_findings = $21, updated_at = $22
  WHERE id = $1 AND ($23::boolean OR centre_id = ANY($24::uuid[])))");

namespace {

void AddDiagnosis(const std::optional<Diagnosis>& diagnosis, std::vector<db::Param>* values) {
  if (diagnosis) {
    values->insert(values->end(), {diagnosis->day, diagnosis->score, diagnosis->findings});
  } else {
    const db::Param null(std::nullopt);
    values->insert(values->end(), {null, null, null});
  }
}

}  // namespace

void SaveEngagement(db::Tx& tx, const base::Scope& scope, const Engagement& e) {
  using Value = db::Param;
  const Value null(std::nullopt);
  std::vector<Value> values = {
      e.id, e.state, e.consultant, e.manager, e.contact_person, e.last_step_day, e.visit_count};
  AddDiagnosis(e.diagnosis, &values);
  if (e.plan) {
    values.insert(values.end(),
                  {e.plan->agreed_day, db::ArrayOf(e.plan->tasks), e.plan->planned_visit_count,
                   db::ArrayOf(e.plan->recommended_scheme_codes)});
  } else {
    values.insert(values.end(), {null, null, null, null});
  }
  values.insert(values.end(), {e.result_summary, e.approver, e.decline_reason, e.drop_reason});
  AddDiagnosis(e.second_diagnosis, &values);
  values.insert(values.end(), {e.update_time, scope.everywhere(), scope.AsArray()});
  tx.Run(kSave, values);
}

const db::Statement kInsertTransition("engagement_transition_insert", R"(
  INSERT INTO engagement_transition (engagement_id, step, state, day, recorded_at)
  SELECT $1::uuid, coalesce(max(step), 0) + 1, $2::smallint, $3::date, $4::timestamptz
  FROM engagement_transition
  WHERE engagement_id = $1)");

void InsertTransition(db::Tx& tx, const base::Uuid& engagement_id,
                      const EngagementTransition& transition) {
  tx.Exec(kInsertTransition, engagement_id, transition.state, transition.day,
          transition.record_time);
}

const db::Statement kInsertAdoption("scheme_adoption_insert", R"(
  INSERT INTO scheme_adoption (id, engagement_id, scheme_code, adopted_date, evidence, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING)");

bool InsertAdoption(db::Tx& tx, const base::Uuid& engagement_id, const SchemeAdoption& adoption,
                    absl::Time recorded) {
  return tx.ExecCount(kInsertAdoption, adoption.id, engagement_id, adoption.scheme_code,
                      adoption.adopted_day, adoption.evidence, recorded) == 1;
}

namespace {

const db::Statement kTransitions("engagement_transition_list", R"(
  SELECT engagement_id, state, day, recorded_at FROM engagement_transition
  WHERE engagement_id = ANY($1::uuid[]) ORDER BY engagement_id, step)");
const db::Statement kAdoptions("scheme_adoption_list", R"(
  SELECT engagement_id, id, scheme_code, adopted_date, evidence FROM scheme_adoption
  WHERE engagement_id = ANY($1::uuid[]) ORDER BY engagement_id, recorded_at, id)");

void AddHistories(db::Tx& tx, std::vector<EngagementView>* views) {
  std::vector<base::Uuid> ids;
  absl::flat_hash_map<base::Uuid, EngagementView*> by_id;
  for (EngagementView& view : *views) {
    ids.push_back(view.engagement.id);
    by_id[view.engagement.id] = &view;
  }
  for (const auto& row : tx.Exec(kTransitions, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->transitions.push_back(
        {AsEnum<v1::EngagementState>(row[1]), db::AsDay(row[2]), db::AsTime(row[3])});
  }
  for (const auto& row : tx.Exec(kAdoptions, db::ArrayOf(ids))) {
    by_id[db::AsUuid(row[0])]->adoptions.push_back(
        {db::AsUuid(row[1]), db::AsText(row[2]), db::AsDay(row[3]), db::AsText(row[4])});
  }
}

}  // namespace

std::optional<EngagementView> ReadEngagement(db::Tx& tx, const base::Scope& scope,
                                             const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  std::vector<EngagementView> views = {ViewFrom(*row)};
  AddHistories(tx, &views);
  return views.front();
}

const filter::ListSpec& EngagementList() {
  static const auto* spec = new filter::ListSpec{
      .columns = kColumns,
      .from = kFrom,
      .fields = {{"name", filter::Resource("e.id", "engagements/{}").NotNull()},
                 {"organization",
                  filter::Resource("e.organization_id", "organizations/{}").NotNull()},
                 {"campaign", filter::Resource("e.campaign_id", "campaigns/{}").NotNull()},
                 {"task", filter::Enum<registry::v1::TaskKind>("e.task").NotNull()},
                 {"state", filter::Enum<v1::EngagementState>("e.state").NotNull()},
                 {"consultant", filter::Resource("e.consultant_id", "persons/{}")},
                 {"manager", filter::Resource("e.manager_id", "persons/{}")},
                 {"lead_date", filter::Date("e.lead_date").NotNull()},
                 {"create_time", filter::Timestamp("e.created_at").NotNull()},
                 {"centre", filter::Resource("e.centre_id", "organizations/{}")}},
      .key = "name",
      .centres = {"e.centre_id"}};
  return *spec;
}

filter::Cursor ListEngagements(db::Tx& tx, const filter::ListQuery& query,
                               std::vector<EngagementView>* views) {
  views->clear();
  filter::Cursor next =
      query.Read(tx, [&](const db::Row& row) { views->push_back(ViewFrom(row)); });
  AddHistories(tx, views);
  return next;
}

}  // namespace ieum::casemgmt
