#include "services/casemgmt/plans/plan_part_store.h"

#include "absl/container/flat_hash_map.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

// Names under which words are sealed; they are bound into the boxes and never change.
constexpr char kGoalBox[] = "plan_goal";
constexpr char kActionBox[] = "plan_action";
constexpr char kResultBox[] = "plan_result";

using ById = absl::flat_hash_map<base::Uuid, CasePlan*>;

absl::StatusOr<std::string> WordsIn(const SealedWords* sealed, const char* field,
                                    const pqxx::field& box) {
  if (sealed == nullptr) return std::string();
  return sealed->Words(field, db::AsBytes(box));
}

const db::Statement kWriters("case_plan_writers", R"(
  SELECT plan_id, subject, writer_person_id FROM case_plan_writer
  WHERE plan_id = ANY($1::uuid[]) ORDER BY plan_id, subject)");

const db::Statement kGoals("plan_goals", R"(
  SELECT plan_id, factor, goal_box, attainment, attained_date FROM plan_goal
  WHERE plan_id = ANY($1::uuid[]) ORDER BY plan_id, number)");

const db::Statement kActions("plan_actions", R"(
  SELECT plan_id, goal_number, service, action_box, owner, due_date, result, result_date, result_box
  FROM plan_action WHERE plan_id = ANY($1::uuid[]) ORDER BY plan_id, number)");

absl::Status AddGoals(const db::Rows& rows, const SealedWords* sealed, ById& by_id) {
  for (const auto& row : rows) {
    PlanGoal goal{.factor = db::AsText(row[1]),
                  .attainment = static_cast<v1::GoalAttainment>(row[3].as<int>()),
                  .attained_day = db::AsOptionalDay(row[4])};
    ASSIGN_OR_RETURN(goal.text, WordsIn(sealed, kGoalBox, row[2]));
    by_id[db::AsUuid(row[0])]->goals.push_back(std::move(goal));
  }
  return absl::OkStatus();
}

absl::Status AddActions(const db::Rows& rows, const SealedWords* sealed, ById& by_id) {
  for (const auto& row : rows) {
    PlanAction action{.goal_number = row[1].as<int>(),
                      .service = static_cast<v1::PlanServiceKind>(row[2].as<int>()),
                      .owner = db::AsOptionalUuid(row[4]),
                      .due = db::AsDay(row[5]),
                      .result = static_cast<v1::PlanActionResult>(row[6].as<int>()),
                      .result_day = db::AsOptionalDay(row[7])};
    ASSIGN_OR_RETURN(action.text, WordsIn(sealed, kActionBox, row[3]));
    ASSIGN_OR_RETURN(action.result_text, WordsIn(sealed, kResultBox, row[8]));
    by_id[db::AsUuid(row[0])]->actions.push_back(std::move(action));
  }
  return absl::OkStatus();
}

const db::Statement kKeepWriters("case_plan_writer_keep", R"(
  INSERT INTO case_plan_writer (plan_id, subject, writer_person_id)
  SELECT $1, subject, person FROM unnest($2::uuid[], $3::uuid[]) AS writer (subject, person)
  ON CONFLICT (plan_id, subject) DO NOTHING)");

const db::Statement kDropGoals("plan_goal_drop", "DELETE FROM plan_goal WHERE plan_id = $1");
const db::Statement kInsertGoals("plan_goal_insert", R"(
  INSERT INTO plan_goal (plan_id, number, factor, goal_box)
  SELECT $1, number, factor, box
  FROM unnest($2::text[], $3::bytea[]) WITH ORDINALITY AS goal (factor, box, number))");

const db::Statement kDropActions("plan_action_drop", "DELETE FROM plan_action WHERE plan_id = $1");
const db::Statement kInsertActions("plan_action_insert", R"(
  INSERT INTO plan_action (plan_id, number, goal_number, service, action_box, owner, due_date)
  SELECT $1, number, goal_number, service, box, owner, due_date
  FROM unnest($2::int[], $3::smallint[], $4::bytea[], $5::uuid[], $6::date[])
    WITH ORDINALITY AS action (goal_number, service, box, owner, due_date, number))");

}  // namespace

absl::Status AddParts(db::Tx& tx, const SealedWords* sealed, const std::vector<CasePlan*>& plans) {
  if (plans.empty()) return absl::OkStatus();
  std::vector<base::Uuid> ids;
  ById by_id;
  for (CasePlan* plan : plans) {
    ids.push_back(plan->id);
    by_id[plan->id] = plan;
  }
  const db::Param of_plans = db::ArrayOf(ids);
  for (const auto& row : tx.Exec(kWriters, of_plans)) {
    by_id[db::AsUuid(row[0])]->writers.push_back(
        {.subject = db::AsUuid(row[1]), .person = db::AsOptionalUuid(row[2])});
  }
  RETURN_IF_ERROR(AddGoals(tx.Exec(kGoals, of_plans), sealed, by_id));
  return AddActions(tx.Exec(kActions, of_plans), sealed, by_id);
}

void KeepWriters(db::Tx& tx, const CasePlan& plan) {
  std::vector<db::Param> subjects, persons;
  for (const Staff& writer : plan.writers) {
    subjects.emplace_back(writer.subject);
    persons.emplace_back(writer.person);
  }
  tx.ExecLater(kKeepWriters, plan.id, db::Array(subjects), db::Array(persons));
}

void WriteGoals(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan) {
  std::vector<db::Param> factors, boxes;
  for (const PlanGoal& goal : plan.goals) {
    factors.emplace_back(goal.factor);
    boxes.push_back(sealed.Box(kGoalBox, goal.text));
  }
  tx.Exec(kDropGoals, plan.id);
  tx.ExecLater(kInsertGoals, plan.id, db::Array(factors), db::Array(boxes));
}

void WriteActions(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan) {
  std::vector<db::Param> goals, services, boxes, owners, days;
  for (const PlanAction& action : plan.actions) {
    goals.emplace_back(action.goal_number);
    services.emplace_back(action.service);
    boxes.push_back(sealed.Box(kActionBox, action.text));
    owners.emplace_back(action.owner);
    days.emplace_back(action.due);
  }
  tx.Exec(kDropActions, plan.id);
  tx.ExecLater(kInsertActions, plan.id, db::Array(goals), db::Array(services), db::Array(boxes),
               db::Array(owners), db::Array(days));
}

const db::Statement kSaveResult("plan_action_result", R"(
  UPDATE plan_action SET result = $3, result_date = $4, result_box = $5::bytea
  WHERE plan_id = $1 AND number = $2)");

void SaveResult(db::Tx& tx, const SealedWords& sealed, const CasePlan& plan, int number) {
  const PlanAction& action = plan.actions[number - 1];
  tx.Exec(kSaveResult, plan.id, number, action.result, action.result_day,
          sealed.Box(kResultBox, action.result_text));
}

const db::Statement kSaveAttainment("plan_goal_attainment", R"(
  UPDATE plan_goal SET attainment = $3, attained_date = $4 WHERE plan_id = $1 AND number = $2)");

void SaveAttainment(db::Tx& tx, const CasePlan& plan, int number) {
  const PlanGoal& goal = plan.goals[number - 1];
  tx.Exec(kSaveAttainment, plan.id, number, goal.attainment, goal.attained_day);
}

// States from 4 on: APPROVED, SIGNED, SUPERSEDED.
const db::Statement kServices("plan_services_of_cases", R"(
  SELECT newest.case_id, a.service, a.due_date, a.result
  FROM (SELECT DISTINCT ON (case_id) case_id, id FROM case_plan
        WHERE case_id = ANY($1::uuid[]) AND state >= 4 ORDER BY case_id, version DESC) AS newest
  JOIN plan_action a ON a.plan_id = newest.id
  ORDER BY newest.case_id, a.number)");

std::vector<std::pair<base::Uuid, std::vector<PlanAction>>> ServicesOf(
    db::Tx& tx, const std::vector<base::Uuid>& case_ids) {
  std::vector<std::pair<base::Uuid, std::vector<PlanAction>>> all;
  for (const auto& row : tx.Exec(kServices, db::ArrayOf(case_ids))) {
    const base::Uuid case_id = db::AsUuid(row[0]);
    if (all.empty() || all.back().first != case_id) {
      all.emplace_back(case_id, std::vector<PlanAction>());
    }
    all.back().second.push_back({.service = static_cast<v1::PlanServiceKind>(row[1].as<int>()),
                                 .due = db::AsDay(row[2]),
                                 .result = static_cast<v1::PlanActionResult>(row[3].as<int>())});
  }
  return all;
}

}  // namespace ieum::casemgmt
