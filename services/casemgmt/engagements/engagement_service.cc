#include "services/casemgmt/engagements/engagement_service.h"

#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/masks.h"
#include "platform/rpc/page_fit.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/engagement_wire.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {
namespace {

using ledger::UnitOfWork;

template <class Request>
absl::StatusOr<StepInput> StepIn(const Request& request, const std::string& day,
                                 std::string_view day_field) {
  StepInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.engagement_id, IdIn("engagements", request.name(), "name"));
  ASSIGN_OR_RETURN(input.day, DayIn(day, day_field));
  return input;
}

absl::StatusOr<OpenEngagementInput> OpeningIn(const v1::CreateEngagementRequest& request) {
  const v1::Engagement& wire = request.engagement();
  OpenEngagementInput input{.lead_source = wire.lead_source()};
  ASSIGN_OR_RETURN(input.engagement_id, ChosenId(request.engagement_id(), "engagement_id"));
  ASSIGN_OR_RETURN(input.organization_id,
                   IdIn("organizations", wire.organization(), "engagement.organization"));
  ASSIGN_OR_RETURN(input.campaign_id, IdIn("campaigns", wire.campaign(), "engagement.campaign"));
  ASSIGN_OR_RETURN(input.consultant,
                   OptionalIdIn("persons", wire.consultant(), "engagement.consultant"));
  ASSIGN_OR_RETURN(input.manager, OptionalIdIn("persons", wire.manager(), "engagement.manager"));
  ASSIGN_OR_RETURN(input.contact_person,
                   OptionalIdIn("persons", wire.contact_person(), "engagement.contact_person"));
  ASSIGN_OR_RETURN(input.lead_day, DayIn(wire.lead_date(), "engagement.lead_date"));
  for (const int reason : wire.vulnerability_reasons()) {
    input.vulnerability_reasons.push_back(static_cast<v1::VulnerabilityReason>(reason));
  }
  return input;
}

absl::StatusOr<ReassignInput> ReassignmentIn(const v1::UpdateEngagementRequest& request) {
  const v1::Engagement& wire = request.engagement();
  ReassignInput input{.etag = wire.etag()};
  ASSIGN_OR_RETURN(input.engagement_id, IdIn("engagements", wire.name(), "engagement.name"));
  ASSIGN_OR_RETURN(const auto paths, rpc::UpdatePaths(request.update_mask(), wire,
                                                      {"consultant", "manager", "contact_person"}));
  for (const std::string& path : paths) {
    if (path == "consultant") {
      ASSIGN_OR_RETURN(input.consultant,
                       OptionalIdIn("persons", wire.consultant(), "engagement.consultant"));
    } else if (path == "manager") {
      ASSIGN_OR_RETURN(input.manager,
                       OptionalIdIn("persons", wire.manager(), "engagement.manager"));
    } else {
      ASSIGN_OR_RETURN(input.contact_person,
                       OptionalIdIn("persons", wire.contact_person(), "engagement.contact_person"));
    }
  }
  return input;
}

}  // namespace

void EngagementDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.EngagementService");
  routes.Unary("CreateEngagement", this, &EngagementDoor::Create);
  routes.Unary("GetEngagement", this, &EngagementDoor::Get);
  routes.Unary("ListEngagements", this, &EngagementDoor::List);
  routes.Unary("UpdateEngagement", this, &EngagementDoor::Update);
  routes.Unary("ContactEngagement", this, &EngagementDoor::Contact);
  routes.Unary("DiagnoseEngagement", this, &EngagementDoor::Diagnose);
  routes.Unary("AgreeEngagementPlan", this, &EngagementDoor::AgreePlan);
  routes.Unary("StartEngagement", this, &EngagementDoor::Start);
  routes.Unary("ReportEngagementResult", this, &EngagementDoor::ReportResult);
  routes.Unary("CompleteEngagement", this, &EngagementDoor::Complete);
  routes.Unary("FollowUpEngagement", this, &EngagementDoor::FollowUp);
  routes.Unary("DeclineEngagement", this, &EngagementDoor::Decline);
  routes.Unary("DropEngagement", this, &EngagementDoor::Drop);
  routes.Unary("RecordSchemeAdoption", this, &EngagementDoor::RecordAdoption);
  routes.Unary("RediagnoseEngagement", this, &EngagementDoor::Rediagnose);
  ServeVisits(routes);
  ServeRecommendations(routes);
}

absl::StatusOr<v1::Engagement> EngagementDoor::Read(const Call& call, const base::Uuid& id) {
  ASSIGN_OR_RETURN(const auto view,
                   rpc::ReadWhole(database_, "engagement_get", EngagementName(id), [&](db::Tx& tx) {
                     return ReadEngagement(tx, call.scope(), id);
                   }));
  return ToWire(view);
}

absl::StatusOr<v1::Engagement> EngagementDoor::Write(Call& call,
                                                     const google::protobuf::Message& request,
                                                     const base::Uuid& id,
                                                     ledger::Ledger::UseCase use_case) {
  RETURN_IF_ERROR(call.Write(ledger_, request, use_case).status());
  return Read(call, id);
}

absl::StatusOr<v1::Engagement> EngagementDoor::Create(Call& call,
                                                      const v1::CreateEngagementRequest& request) {
  ASSIGN_OR_RETURN(const OpenEngagementInput input, OpeningIn(request));
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, [&](UnitOfWork& work) {
    return OpenEngagement(work, input);
  }));
  if (request.validate_only()) {
    v1::Engagement rehearsed = request.engagement();
    rehearsed.set_name(answer.name);
    rehearsed.set_state(v1::ENGAGEMENT_STATE_LEAD);
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("engagements", answer.name, "name"));
  return Read(call, id);
}

absl::StatusOr<v1::Engagement> EngagementDoor::Get(Call& call,
                                                   const v1::GetEngagementRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("engagements", request.name(), "name"));
  return Read(call, id);
}

absl::StatusOr<v1::ListEngagementsResponse> EngagementDoor::List(
    Call& call, const v1::ListEngagementsRequest& request) {
  return rpc::FittingPage(request, [&](const auto& fitting) { return PageOf(call, fitting); });
}

absl::StatusOr<v1::ListEngagementsResponse> EngagementDoor::PageOf(
    const Call& call, const v1::ListEngagementsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, EngagementList(), page_key_));
  std::vector<EngagementView> views;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("engagement_list", [&](db::Tx& tx) {
    next = ListEngagements(tx, query, &views);
    return absl::OkStatus();
  }));
  v1::ListEngagementsResponse response;
  for (const EngagementView& view : views) *response.add_engagements() = ToWire(view);
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::Engagement> EngagementDoor::Update(Call& call,
                                                      const v1::UpdateEngagementRequest& request) {
  ASSIGN_OR_RETURN(const ReassignInput input, ReassignmentIn(request));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return ReassignEngagement(work, input); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Contact(
    Call& call, const v1::ContactEngagementRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input, StepIn(request, request.contact_date(), "contact_date"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return ContactFirm(work, input); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::FollowUp(
    Call& call, const v1::FollowUpEngagementRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input,
                   StepIn(request, request.followed_up_date(), "followed_up_date"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return casemgmt::FollowUp(work, input); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Decline(
    Call& call, const v1::DeclineEngagementRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input,
                   StepIn(request, request.declined_date(), "declined_date"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return casemgmt::Decline(work, input, request.reason()); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Drop(Call& call,
                                                    const v1::DropEngagementRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input, StepIn(request, request.dropped_date(), "dropped_date"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return casemgmt::Drop(work, input, request.reason()); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Diagnose(
    Call& call, const v1::DiagnoseEngagementRequest& request) {
  const v1::Diagnosis& diagnosis = request.diagnosis();
  ASSIGN_OR_RETURN(const StepInput input,
                   StepIn(request, diagnosis.diagnosed_date(), "diagnosis.diagnosed_date"));
  return Write(call, request, input.engagement_id, [&](UnitOfWork& work) {
    return casemgmt::Diagnose(work, input, diagnosis.score(), diagnosis.findings());
  });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Rediagnose(
    Call& call, const v1::RediagnoseEngagementRequest& request) {
  const v1::Diagnosis& diagnosis = request.diagnosis();
  ASSIGN_OR_RETURN(const StepInput input,
                   StepIn(request, diagnosis.diagnosed_date(), "diagnosis.diagnosed_date"));
  return Write(call, request, input.engagement_id, [&](UnitOfWork& work) {
    return casemgmt::Rediagnose(work, input, diagnosis.score(), diagnosis.findings());
  });
}

absl::Status EngagementDoor::CheckSchemes(const std::vector<std::string>& codes,
                                          const std::optional<absl::CivilDay>& day,
                                          std::string_view field) {
  ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
  return schemes_.Check(codes, day.value_or(base::KoreaDay(now)), field);
}

absl::StatusOr<v1::Engagement> EngagementDoor::AgreePlan(
    Call& call, const v1::AgreeEngagementPlanRequest& request) {
  const v1::ConsultingPlan& wire = request.plan();
  ASSIGN_OR_RETURN(const StepInput input, StepIn(request, wire.agreed_date(), "plan.agreed_date"));
  const PlanInput plan{.tasks = {wire.tasks().begin(), wire.tasks().end()},
                       .planned_visit_count = wire.planned_visit_count(),
                       .recommended_scheme_codes = {wire.recommended_scheme_codes().begin(),
                                                    wire.recommended_scheme_codes().end()}};
  RETURN_IF_ERROR(
      CheckSchemes(plan.recommended_scheme_codes, input.day, "plan.recommended_scheme_codes"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return casemgmt::AgreePlan(work, input, plan); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Start(Call& call,
                                                     const v1::StartEngagementRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input, StepIn(request, request.started_date(), "started_date"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return StartWork(work, input); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::ReportResult(
    Call& call, const v1::ReportEngagementResultRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input,
                   StepIn(request, request.reported_date(), "reported_date"));
  return Write(call, request, input.engagement_id, [&](UnitOfWork& work) {
    return casemgmt::ReportResult(work, input, request.summary());
  });
}

absl::StatusOr<v1::Engagement> EngagementDoor::Complete(
    Call& call, const v1::CompleteEngagementRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input,
                   StepIn(request, request.completed_date(), "completed_date"));
  ASSIGN_OR_RETURN(const base::Uuid approver, IdIn("persons", request.approver(), "approver"));
  return Write(call, request, input.engagement_id,
               [&](UnitOfWork& work) { return ApproveCompletion(work, input, approver); });
}

absl::StatusOr<v1::Engagement> EngagementDoor::RecordAdoption(
    Call& call, const v1::RecordSchemeAdoptionRequest& request) {
  ASSIGN_OR_RETURN(const StepInput input, StepIn(request, request.adopted_date(), "adopted_date"));
  RETURN_IF_ERROR(CheckSchemes({request.scheme_code()}, input.day, "scheme_code"));
  return Write(call, request, input.engagement_id, [&](UnitOfWork& work) {
    return AdoptScheme(work, input, request.scheme_code(), request.evidence());
  });
}

}  // namespace ieum::casemgmt
