#include "services/casemgmt/plans/plan_service.h"

#include <set>

#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "services/casemgmt/assessments/assessment_store.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/names.h"
#include "services/casemgmt/plans/plan_commands.h"
#include "services/casemgmt/plans/plan_wire.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

constexpr char kPattern[] = "cases/{}/plans/{}";

// The plan that `name` names, in its case. `by` is asked for by those steps that it matters to.
absl::StatusOr<CasePlanInput> PlanNamed(const rpc::Call& call, const std::string& name,
                                        std::string_view field, const std::string& etag,
                                        int64_t epoch) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, field));
  return CasePlanInput{
      .of = {.case_id = ids[0], .etag = etag, .reach = ReachOf(call), .ownership_epoch = epoch},
      .plan_id = ids[1]};
}

template <class Request>
absl::StatusOr<CasePlanInput> PlanIn(const rpc::Call& call, const Request& request) {
  return PlanNamed(call, request.name(), "name", request.etag(), request.ownership_epoch());
}

}  // namespace

void PlanDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.PlanService");
  routes.Unary("CreateCasePlan", this, &PlanDoor::Create);
  routes.Unary("UpdateCasePlan", this, &PlanDoor::Update);
  routes.Unary("SubmitCasePlan", this, &PlanDoor::Submit);
  routes.Unary("ApproveCasePlan", this, &PlanDoor::Approve);
  routes.Unary("ReturnCasePlan", this, &PlanDoor::Return);
  routes.Unary("SignCasePlan", this, &PlanDoor::Sign);
  routes.Unary("RecordActionResult", this, &PlanDoor::RecordResultOf);
  routes.Unary("RecordGoalAttainment", this, &PlanDoor::RecordGoal);
  routes.Unary("GetCasePlan", this, &PlanDoor::Get);
  routes.Unary("ListCasePlans", this, &PlanDoor::List);
}

absl::StatusOr<PlanView> PlanDoor::Look(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  const Reach reach = ReachOf(call);
  std::optional<PlanView> view;
  RETURN_IF_ERROR(database_.Read("case_plan_get", [&](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(view, ReadPlan(tx, keys_, reach, ids[0], ids[1]));
    return absl::OkStatus();
  }));
  if (!view) return base::NotFound(name);
  return *std::move(view);
}

absl::StatusOr<v1::CasePlan> PlanDoor::Write(Call& call, const google::protobuf::Message& request,
                                             ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(const PlanView view, Look(call, answer.name));
  return ToWire(view);
}

absl::StatusOr<v1::CasePlan> PlanDoor::Create(Call& call,
                                              const v1::CreateCasePlanRequest& request) {
  const v1::CasePlan& wire = request.case_plan();
  DraftPlanInput input{.of = {.etag = wire.etag(),
                              .reach = ReachOf(call),
                              .ownership_epoch = request.ownership_epoch()},
                       .goals = GoalsIn(wire)};
  ASSIGN_OR_RETURN(input.of.case_id, IdIn("cases", request.parent(), "parent"));
  ASSIGN_OR_RETURN(input.plan_id, ChosenId(request.case_plan_id(), "case_plan_id"));
  ASSIGN_OR_RETURN(input.actions, ActionsIn(wire));
  ASSIGN_OR_RETURN(input.author, staff_.Of(SubjectOf(call)));
  const auto draft = [&](UnitOfWork& work) { return DraftPlan(work, keys_, input); };
  if (!request.validate_only()) return Write(call, request, draft);
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, draft));
  v1::CasePlan rehearsed = wire;
  rehearsed.set_name(answer.name);
  rehearsed.set_state(v1::CASE_PLAN_STATE_DRAFT);
  return rehearsed;
}

absl::StatusOr<v1::CasePlan> PlanDoor::Update(Call& call,
                                              const v1::UpdateCasePlanRequest& request) {
  const v1::CasePlan& wire = request.case_plan();
  ASSIGN_OR_RETURN(CasePlanInput input, PlanNamed(call, wire.name(), "case_plan.name", wire.etag(),
                                                  request.ownership_epoch()));
  ASSIGN_OR_RETURN(const auto paths,
                   rpc::UpdatePaths(request.update_mask(), wire, {"goals", "actions"}));
  std::optional<std::vector<PlanGoal>> goals;
  std::optional<std::vector<PlanAction>> actions;
  for (const std::string& path : paths) {
    if (path == "goals") {
      goals = GoalsIn(wire);
    } else {
      ASSIGN_OR_RETURN(actions, ActionsIn(wire));
    }
  }
  ASSIGN_OR_RETURN(input.by, staff_.Of(SubjectOf(call)));
  return Write(call, request,
               [&](UnitOfWork& work) { return ChangePlan(work, keys_, input, goals, actions); });
}

absl::StatusOr<v1::CasePlan> PlanDoor::Submit(Call& call,
                                              const v1::SubmitCasePlanRequest& request) {
  ASSIGN_OR_RETURN(const CasePlanInput input, PlanIn(call, request));
  return Write(call, request, [&](UnitOfWork& work) { return SubmitPlan(work, input); });
}

absl::StatusOr<v1::CasePlan> PlanDoor::Approve(Call& call,
                                               const v1::ApproveCasePlanRequest& request) {
  ASSIGN_OR_RETURN(CasePlanInput input, PlanIn(call, request));
  ASSIGN_OR_RETURN(input.of.day, DayIn(request.decided_date(), "decided_date"));
  ASSIGN_OR_RETURN(input.by, staff_.Of(SubjectOf(call)));
  return Write(call, request, [&](UnitOfWork& work) {
    return ApprovePlan(work, keys_, input, request.comment());
  });
}

absl::StatusOr<v1::CasePlan> PlanDoor::Return(Call& call,
                                              const v1::ReturnCasePlanRequest& request) {
  ASSIGN_OR_RETURN(CasePlanInput input, PlanIn(call, request));
  ASSIGN_OR_RETURN(input.of.day, DayIn(request.decided_date(), "decided_date"));
  ASSIGN_OR_RETURN(input.by, staff_.Of(SubjectOf(call)));
  return Write(call, request,
               [&](UnitOfWork& work) { return ReturnPlan(work, keys_, input, request.comment()); });
}

absl::StatusOr<std::vector<Staff>> PlanDoor::OwnersOf(const Call& call, const std::string& name) {
  ASSIGN_OR_RETURN(const PlanView view, Look(call, name));
  std::set<base::Uuid> subjects;
  for (const PlanAction& action : view.plan.actions) {
    if (action.owner) subjects.insert(*action.owner);
  }
  std::vector<Staff> owners;
  for (const base::Uuid& subject : subjects) {
    ASSIGN_OR_RETURN(const Staff owner, staff_.Of(subject));
    owners.push_back(owner);
  }
  return owners;
}

absl::StatusOr<v1::CasePlan> PlanDoor::Sign(Call& call, const v1::SignCasePlanRequest& request) {
  ASSIGN_OR_RETURN(CasePlanInput input, PlanIn(call, request));
  ASSIGN_OR_RETURN(input.of.day, DayIn(request.signed_date(), "signed_date"));
  ASSIGN_OR_RETURN(std::vector<Staff> owners, OwnersOf(call, request.name()));
  ASSIGN_OR_RETURN(base::BusinessCalendar calendar, holidays_.Calendar());
  const SignInput sign{.agreement = request.agreement(),
                       .calendar = std::move(calendar),
                       .owners = std::move(owners)};
  return Write(call, request, [&](UnitOfWork& work) { return SignPlan(work, input, sign); });
}

absl::StatusOr<v1::CasePlan> PlanDoor::RecordResultOf(
    Call& call, const v1::RecordActionResultRequest& request) {
  ASSIGN_OR_RETURN(CasePlanInput input, PlanIn(call, request));
  ASSIGN_OR_RETURN(input.of.day, DayIn(request.result_date(), "result_date"));
  const ActionResult result{
      .number = request.number(), .result = request.result(), .text = request.result_text()};
  return Write(call, request,
               [&](UnitOfWork& work) { return RecordResult(work, keys_, input, result); });
}

absl::StatusOr<v1::CasePlan> PlanDoor::RecordGoal(Call& call,
                                                  const v1::RecordGoalAttainmentRequest& request) {
  ASSIGN_OR_RETURN(CasePlanInput input, PlanIn(call, request));
  ASSIGN_OR_RETURN(input.of.day, DayIn(request.attained_date(), "attained_date"));
  return Write(call, request, [&](UnitOfWork& work) {
    return RecordAttainment(work, input, request.number(), request.attainment());
  });
}

absl::StatusOr<v1::CasePlan> PlanDoor::Get(Call& call, const v1::GetCasePlanRequest& request) {
  ASSIGN_OR_RETURN(const PlanView view, Look(call, request.name()));
  return ToWire(view);
}

absl::StatusOr<v1::ListCasePlansResponse> PlanDoor::List(Call& call,
                                                         const v1::ListCasePlansRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListCasePlansResponse> PlanDoor::PageOf(
    const Call& call, const v1::ListCasePlansRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid case_id, IdIn("cases", request.parent(), "parent"));
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, PlanList(), page_key_));
  const Reach reach = ReachOf(call);
  query.Where("p.case_id = {}::uuid", {case_id.ToString()});
  WhereReach(query, "c", reach);
  std::vector<PlanView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("case_plan_list", [&](db::Tx& tx) -> absl::Status {
    if (!SeesCase(tx, reach, case_id)) return base::NotFound(CaseName(case_id));
    ASSIGN_OR_RETURN(next, casemgmt::ListPlans(tx, keys_, query, &views));
    return absl::OkStatus();
  }));
  v1::ListCasePlansResponse response;
  for (const PlanView& view : views) *response.add_case_plans() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
