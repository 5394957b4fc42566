#include "tools/play/actions.h"

#include "ieum/casemgmt/v1/activity_service.pb.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/casemgmt/v1/form_service.pb.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "tools/play/case_actions.h"
#include "tools/play/enrolments.h"

namespace ieum::play {
namespace {

namespace c = casemgmt::v1;
namespace r = registry::v1;

using Rows = std::map<std::string, CallShape>;

template <class Request, class Response>
Rpc Casemgmt(std::string_view method) {
  return RpcOf<Request, Response>("casemgmt", method);
}

// Most steps of an engagement take the engagement and answer it.
template <class Request>
Rpc Step(std::string_view verb) {
  return Casemgmt<Request, c::Engagement>(fmt::format("EngagementService/{}", verb));
}

Field Engagement(std::string to = "name") { return Key("engagement", "engagements", to); }
Field Visit() { return Key("visit", "visits", "name"); }
Field Application() { return Key("application", "applications", "name"); }
// A visit's name says whose it is; the engagement in the data is only checked.
Field OfEngagement() { return Key("engagement", "engagements", ""); }

Rows CampaignRows() {
  return {
      {"campaign.open",
       {RpcOf<r::OpenCampaignRequest, r::Campaign>("registry", "CampaignService/OpenCampaign"),
        {Key("campaign", "campaigns", "name")}}},
      {"campaign.close",
       {RpcOf<r::CloseCampaignRequest, r::Campaign>("registry", "CampaignService/CloseCampaign"),
        {Key("campaign", "campaigns", "name")}}},
      {"enrolment.activate",
       {RpcOf<r::ActivateEnrolmentRequest, r::Enrolment>("registry",
                                                         "EnrolmentService/ActivateEnrolment"),
        {Key("campaign", "campaigns", ""), Key("organization", "organizations", ""), Found("name")},
        "",
        "",
        FindLivingEnrolment}},
      {"enrolment.complete",
       {RpcOf<r::CompleteEnrolmentRequest, r::Enrolment>("registry",
                                                         "EnrolmentService/CompleteEnrolment"),
        {Key("campaign", "campaigns", ""), Key("organization", "organizations", ""), Found("name")},
        "",
        "",
        FindLivingEnrolment}},
  };
}

Rows EngagementRows() {
  return {
      {"engagement.open",
       {Step<c::CreateEngagementRequest>("CreateEngagement"),
        {Key("organization", "organizations", "engagement.organization"),
         Key("campaign", "campaigns", "engagement.campaign"),
         Copy("lead_source", "engagement.lead_source"),
         Key("consultant", "persons", "engagement.consultant"),
         Key("manager", "persons", "engagement.manager"),
         Key("contact_person", "persons", "engagement.contact_person"),
         Maybe(Copy("vulnerability_reasons", "engagement.vulnerability_reasons"))},
        "key",
        "engagements"}},
      {"engagement.contact",
       {Step<c::ContactEngagementRequest>("ContactEngagement"), {Engagement()}}},
      {"engagement.diagnose",
       {Step<c::DiagnoseEngagementRequest>("DiagnoseEngagement"),
        {Engagement(), Copy("score", "diagnosis.score"), Copy("findings", "diagnosis.findings")}}},
      {"engagement.agreePlan",
       {Step<c::AgreeEngagementPlanRequest>("AgreeEngagementPlan"),
        {Engagement(), Copy("tasks", "plan.tasks"),
         Copy("planned_visit_count", "plan.planned_visit_count"),
         Copy("recommended_scheme_codes", "plan.recommended_scheme_codes")}}},
      {"engagement.start", {Step<c::StartEngagementRequest>("StartEngagement"), {Engagement()}}},
      {"engagement.rediagnose",
       {Step<c::RediagnoseEngagementRequest>("RediagnoseEngagement"),
        {Engagement(), Copy("score", "diagnosis.score"), Copy("findings", "diagnosis.findings")}}},
      {"engagement.recommend",
       {Casemgmt<c::RecommendMeasureRequest, c::Recommendation>(
            "EngagementService/RecommendMeasure"),
        {Engagement("parent"), Copy("measure"), Copy("check_months")},
        "key",
        "recommendations"}},
      {"engagement.recordAdoption",
       {Casemgmt<c::RecordAdoptionCheckRequest, c::Recommendation>(
            "EngagementService/RecordAdoptionCheck"),
        {Key("recommendation", "recommendations", "name"), Copy("months"), Copy("outcome"),
         Copy("evidence_kind"), Copy("evidence")}}},
      {"engagement.adoptScheme",
       {Step<c::RecordSchemeAdoptionRequest>("RecordSchemeAdoption"),
        {Engagement(), Copy("scheme_code"), Copy("evidence")}}},
      {"engagement.reportResult",
       {Step<c::ReportEngagementResultRequest>("ReportEngagementResult"),
        {Engagement(), Copy("summary")}}},
      {"engagement.complete",
       {Step<c::CompleteEngagementRequest>("CompleteEngagement"),
        {Engagement(), Key("approver", "persons", "approver")}}},
      {"engagement.decline",
       {Step<c::DeclineEngagementRequest>("DeclineEngagement"), {Engagement(), Copy("reason")}}},
      {"engagement.drop",
       {Step<c::DropEngagementRequest>("DropEngagement"), {Engagement(), Copy("reason")}}},
  };
}

Rows VisitRows() {
  const auto visit = []<class Request>(const Request&, std::string_view verb) {
    return Casemgmt<Request, c::Visit>(fmt::format("EngagementService/{}", verb));
  };
  return {
      {"engagement.planVisit",
       {visit(c::PlanVisitRequest(), "PlanVisit"),
        {Engagement("parent"), Copy("start_time"), Copy("end_time")},
        "visit",
        "visits"}},
      {"engagement.rescheduleVisit",
       {visit(c::RescheduleVisitRequest(), "RescheduleVisit"),
        {OfEngagement(), Visit(), Copy("start_time"), Copy("end_time")}}},
      {"engagement.cancelVisit",
       {visit(c::CancelVisitRequest(), "CancelVisit"), {OfEngagement(), Visit(), Copy("reason")}}},
      {"engagement.recordVisit",
       {visit(c::RecordVisitRequest(), "RecordVisit"), {OfEngagement(), Visit()}}},
      {"engagement.recordVisitReport",
       {visit(c::RecordVisitReportRequest(), "RecordVisitReport"),
        {OfEngagement(), Visit(), Copy("minutes")}}},
  };
}

// Trainings of a firm: activities of its engagement.
Rows TrainingRows() {
  const auto step = []<class Request>(const Request&, std::string_view verb) {
    return Casemgmt<Request, c::Activity>(fmt::format("ActivityService/{}", verb));
  };
  const Field training = Key("training", "activities", "name");
  return {
      {"training.plan",
       {step(c::CreateActivityRequest(), "CreateActivity"),
        {Constant("ACTIVITY_KIND_TRAINING", "activity.kind"), Engagement("activity.engagement"),
         Copy("line_code", "activity.line_code"), Copy("start_date", "activity.start_date"),
         Copy("label", "activity.label"), Copy("training_duration", "activity.training_duration")},
        "key",
        "activities"}},
      {"training.confirm", {step(c::ConfirmActivityRequest(), "ConfirmActivity"), {training}}},
      {"training.hold",
       {step(c::HoldActivityRequest(), "HoldActivity"), {training, Copy("headcounts")}}},
  };
}

Rows ApplicationRows() {
  const auto form = []<class Request>(const Request&, std::string_view verb) {
    return Casemgmt<Request, c::Application>(fmt::format("FormService/{}", verb));
  };
  return {
      {"application.draft",
       {form(c::CreateApplicationRequest(), "CreateApplication"),
        {Engagement("application.engagement"), Copy("form_version", "application.form_version"),
         Copy("answers", "application.answers")},
        "key",
        "applications"}},
      {"application.revise",
       {form(c::UpdateApplicationRequest(), "UpdateApplication"),
        {Key("application", "applications", "application.name"),
         Copy("signed_by_representative", "application.signed_by_representative"),
         Constant("signedByRepresentative", "update_mask")}}},
      {"application.submit",
       {form(c::SubmitApplicationRequest(), "SubmitApplication"), {Application()}}},
      {"application.receive",
       {form(c::ReceiveApplicationRequest(), "ReceiveApplication"), {Application()}}},
      {"application.withdraw",
       {form(c::WithdrawApplicationRequest(), "WithdrawApplication"),
        {Application(), Copy("reason")}}},
      {"application.forward",
       {form(c::ForwardApplicationRequest(), "ForwardApplication"),
        {Application(), Copy("external_receipt_number")}}},
      {"application.externalResult",
       {form(c::RecordExternalResultRequest(), "RecordExternalResult"),
        {Application(), Copy("outcome"), Copy("result_date"), Maybe(Copy("score"))}}},
  };
}

}  // namespace

const std::map<std::string, CallShape>& Actions() {
  static const auto* rows = [] {
    auto* all = new Rows(CampaignRows());
    all->merge(EngagementRows());
    all->merge(VisitRows());
    all->merge(ApplicationRows());
    for (Rows more : {TrainingRows(), ConsentRows(), CaseRows(), AssessmentRows(), SessionRows(),
                      GroupRows()}) {
      all->merge(more);
    }
    return all;
  }();
  return *rows;
}

}  // namespace ieum::play
