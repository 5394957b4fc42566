// What a firm asks of casemgmt, and how it leaves.
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/casemgmt/v1/form_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"
#include "tests/faults/firm_case.h"

namespace ieum::faults {
namespace {

namespace c = casemgmt::v1;
namespace r = registry::v1;

template <class Response, class Request>
Command Casemgmt(std::string_view method, Request request, std::string aggregate) {
  return CommandOf<Response>("casemgmt", method, std::move(request), std::move(aggregate));
}

}  // namespace

Command FirmCase::Open() {
  next_ = Phase::kCall;
  c::CreateEngagementRequest request;
  request.set_engagement_id(engagement_);
  auto* engagement = request.mutable_engagement();
  engagement->set_organization(Organization());
  engagement->set_campaign(campaign_);
  engagement->set_lead_source(c::LEAD_SOURCE_DISCOVERY);
  engagement->set_consultant("persons/" + person_);
  engagement->set_contact_person("persons/" + person_);
  return Casemgmt<c::Engagement>("EngagementService/CreateEngagement", request, engagement_);
}

Command FirmCase::Call() {
  next_ = Phase::kPlan;
  c::ContactEngagementRequest request;
  request.set_name(Engagement());
  return Casemgmt<c::Engagement>("EngagementService/ContactEngagement", request, engagement_);
}

// One to five days ahead, so that reminders fall due before it.
void FirmCase::PickTimes(absl::Time now) {
  const absl::CivilDay day = base::KoreaDay(now) + dice_.Between(1, 5);
  visit_start_ = base::KoreaInstant(day, static_cast<int>(dice_.Between(9, 16)));
  visit_end_ = visit_start_ + absl::Hours(2);
}

Command FirmCase::Plan(absl::Time now) {
  next_ = Phase::kVisit;
  PickTimes(now);
  visit_ = dice_.Id().ToString();
  c::PlanVisitRequest request;
  request.set_parent(Engagement());
  request.set_visit_id(visit_);
  *request.mutable_start_time() = base::ToTimestamp(visit_start_);
  *request.mutable_end_time() = base::ToTimestamp(visit_end_);
  return Casemgmt<c::Visit>("EngagementService/PlanVisit", request, engagement_);
}

Command FirmCase::Reschedule(absl::Time now) {
  PickTimes(now);
  c::RescheduleVisitRequest request;
  request.set_name(VisitName());
  *request.mutable_start_time() = base::ToTimestamp(visit_start_);
  *request.mutable_end_time() = base::ToTimestamp(visit_end_);
  return Casemgmt<c::Visit>("EngagementService/RescheduleVisit", request, engagement_);
}

std::optional<Command> FirmCase::Visit(absl::Time now) {
  if (dice_.Chance(0.02)) return Reschedule(now);
  if (dice_.Chance(0.01)) {
    next_ = Phase::kPlan;
    c::CancelVisitRequest request;
    request.set_name(VisitName());
    request.set_reason(c::VISIT_CANCEL_REASON_FIRM);
    return Casemgmt<c::Visit>("EngagementService/CancelVisit", request, engagement_);
  }
  if (now < visit_end_) return std::nullopt;
  next_ = Phase::kReport;
  else_ = Phase::kReport;
  c::RecordVisitRequest request;
  request.set_name(VisitName());
  return Casemgmt<c::Visit>("EngagementService/RecordVisit", request, engagement_);
}

Command FirmCase::Report() {
  next_ = else_ = way_ == Way::kFocus ? Phase::kDiagnose : Phase::kDraft;
  c::RecordVisitReportRequest request;
  request.set_name(VisitName());
  request.set_minutes("방문 기록");
  return Casemgmt<c::Visit>("EngagementService/RecordVisitReport", request, engagement_);
}

Command FirmCase::Diagnose() {
  next_ = Phase::kAgree;
  c::DiagnoseEngagementRequest request;
  request.set_name(Engagement());
  request.mutable_diagnosis()->set_score(absl::StrCat(dice_.Between(1, 100)));
  request.mutable_diagnosis()->set_findings("장시간 근로");
  return Casemgmt<c::Engagement>("EngagementService/DiagnoseEngagement", request, engagement_);
}

Command FirmCase::Agree() {
  next_ = Phase::kStart;
  c::AgreeEngagementPlanRequest request;
  request.set_name(Engagement());
  request.mutable_plan()->add_tasks("유연근무 도입");
  request.mutable_plan()->set_planned_visit_count(3);
  return Casemgmt<c::Engagement>("EngagementService/AgreeEngagementPlan", request, engagement_);
}

Command FirmCase::Start() {
  next_ = dice_.Chance(0.5) ? Phase::kPlan : Phase::kLeave;
  c::StartEngagementRequest request;
  request.set_name(Engagement());
  return Casemgmt<c::Engagement>("EngagementService/StartEngagement", request, engagement_);
}

Command FirmCase::Draft() {
  next_ = Phase::kSign;
  c::CreateApplicationRequest request;
  request.set_application_id(application_);
  request.mutable_application()->set_engagement(Engagement());
  request.mutable_application()->set_form_version("2023-1");
  auto* answer = request.mutable_application()->add_answers();
  answer->set_item_code("PLEDGE-01");
  answer->set_text("정시 퇴근의 날을 주 1회 운영함");
  return Casemgmt<c::Application>("FormService/CreateApplication", request, application_);
}

Command FirmCase::Sign() {
  next_ = Phase::kSubmit;
  c::UpdateApplicationRequest request;
  request.mutable_application()->set_name(Application());
  request.mutable_application()->set_signed_by_representative(true);
  request.mutable_update_mask()->add_paths("signed_by_representative");
  return Casemgmt<c::Application>("FormService/UpdateApplication", request, application_);
}

Command FirmCase::Submit() {
  next_ = Phase::kReceive;
  c::SubmitApplicationRequest request;
  request.set_name(Application());
  return Casemgmt<c::Application>("FormService/SubmitApplication", request, application_);
}

Command FirmCase::Receive() {
  next_ = way_ == Way::kExternal ? Phase::kForward : Phase::kLeave;
  c::ReceiveApplicationRequest request;
  request.set_name(Application());
  return Casemgmt<c::Application>("FormService/ReceiveApplication", request, application_);
}

Command FirmCase::Forward() {
  next_ = Phase::kResult;
  c::ForwardApplicationRequest request;
  request.set_name(Application());
  request.set_external_receipt_number(absl::StrCat("R-", number_));
  return Casemgmt<c::Application>("FormService/ForwardApplication", request, application_);
}

Command FirmCase::Result() {
  next_ = Phase::kLeave;
  c::RecordExternalResultRequest request;
  request.set_name(Application());
  request.set_outcome(dice_.Chance(0.5) ? c::EXTERNAL_OUTCOME_SELECTED
                                        : c::EXTERNAL_OUTCOME_REJECTED);
  if (request.outcome() == c::EXTERNAL_OUTCOME_SELECTED) request.set_score("910");
  return Casemgmt<c::Application>("FormService/RecordExternalResult", request, application_);
}

// The last word, which also frees seats that others wait for.
Command FirmCase::Leave() {
  next_ = else_ = dice_.Chance(0.3) ? Phase::kErase : Phase::kEnd;
  if (way_ == Way::kForm && dice_.Chance(0.6)) {
    c::WithdrawApplicationRequest request;
    request.set_name(Application());
    request.set_reason(c::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
    return Casemgmt<c::Application>("FormService/WithdrawApplication", request, application_);
  }
  if (way_ != Way::kHand && dice_.Chance(0.5)) {
    c::DropEngagementRequest request;
    request.set_name(Engagement());
    request.set_reason(c::DROP_REASON_UNREACHABLE);
    return Casemgmt<c::Engagement>("EngagementService/DropEngagement", request, engagement_);
  }
  r::DeactivateOrganizationRequest request;
  request.set_name(Organization());
  request.set_reason(r::DEACTIVATION_REASON_CLOSED_DOWN);
  return CommandOf<r::Organization>("registry", "OrganizationService/DeactivateOrganization",
                                    request, organization_);
}

Command FirmCase::WrongStep() {
  c::FollowUpEngagementRequest request;
  request.set_name(Engagement());
  return Casemgmt<c::Engagement>("EngagementService/FollowUpEngagement", request, engagement_);
}

}  // namespace ieum::faults
