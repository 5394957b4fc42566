#include "tests/integration/casemgmt/explained_life.h"

namespace ieum::casemgmt::testing {

absl::StatusOr<ledger::Done> Life::Step(ledger::UnitOfWork& work, Act act, int detail) {
  const StepInput input = StepOf(engagement_);
  switch (act) {
    case Act::kContact:
      return ContactFirm(work, input);
    case Act::kDiagnose:
      return Diagnose(work, input, "50.5", "");
    case Act::kAgree:
      return AgreePlan(work, input, {.tasks = {"a"}, .planned_visit_count = 1 + detail});
    case Act::kStart:
      return StartWork(work, input);
    case Act::kAdopt:
      return AdoptScheme(work, input, detail % 2 == 0 ? "FLEX" : "ENV", "paper");
    case Act::kResult:
      return ReportResult(work, input, "done");
    case Act::kComplete:
      return ApproveCompletion(work, input, detail == 0 ? consultant_ : base::Uuid::NewV7());
    case Act::kFollowUp:
      return FollowUp(work, input);
    case Act::kDecline:
      return Decline(work, input, v1::DECLINE_REASON_NO_CAPACITY);
    case Act::kDrop:
      return Drop(work, input, v1::DROP_REASON_MERGED);
    case Act::kRediagnose:
      return Rediagnose(work, input, "60.25", "");
    case Act::kRecommend:
      return RecommendMeasure(work,
                              {.step = input, .measure = "leave on time", .check_months = {1, 2}});
    case Act::kCheck:
      return Check(work, detail);
    default:
      return ReassignEngagement(work, {.engagement_id = engagement_,
                                       .contact_person = std::optional(base::Uuid::NewV7())});
  }
}

absl::StatusOr<ledger::Done> Life::Check(ledger::UnitOfWork& work, int detail) {
  const auto known = RecommendationsOf(work.tx(), base::Scope::Everywhere(), engagement_);
  return RecordAdoptionCheck(work,
                             {.step = StepOf(engagement_),
                              .recommendation_id = known.empty() ? base::Uuid() : known.front().id,
                              .months = 1 + detail % 2,
                              .outcome = static_cast<v1::AdoptionOutcome>(1 + detail % 3),
                              .evidence_kind = v1::ADOPTION_EVIDENCE_VISIT,
                              .evidence = "seen"});
}

absl::Status Life::TryVisit(Act act, int detail) {
  if (act == Act::kPlan) return Plan(detail);
  if (visits_.empty()) return absl::OkStatus();
  const VisitInput input{.engagement_id = engagement_,
                         .visit_id = visits_[visits_.size() - 1 - detail % visits_.size()]};
  return world_
      .Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
        switch (act) {
          case Act::kMove:
            return RescheduleVisit(work, input, now_ + absl::Hours(5 * detail),
                                   now_ + absl::Hours(5 * detail + 2));
          case Act::kCancel:
            return CancelVisit(work, input, v1::VISIT_CANCEL_REASON_FIRM);
          case Act::kHold:
            return RecordVisit(work, input,
                               {.start = now_ - absl::Hours(2),
                                .end = now_,
                                .minutes = detail % 2 == 0 ? "met" : ""});
          default:
            return RecordVisitReport(work, input, "met", "");
        }
      })
      .status();
}

absl::Status Life::Plan(int detail) {
  const auto answer = world_.Do([&](auto& work) {
    return PlanVisit(work, {.engagement_id = engagement_,
                            .start = now_ + absl::Hours(4 * detail),
                            .end = now_ + absl::Hours(4 * detail + 3)});
  });
  if (answer.ok()) visits_.push_back(IdOf(answer));
  return answer.status();
}

absl::Status Life::TryForm(Act act, int detail) {
  if (act == Act::kMoveWindow) return MoveWindow(detail);
  if (act == Act::kDraft) return Draft();
  if (forms_.empty()) return absl::OkStatus();
  if (act >= Act::kAdmit) return Hear(act);
  const FormStepInput input = FormStepOf(forms_.back());
  return world_
      .Do([&](auto& work) -> absl::StatusOr<ledger::Done> {
        switch (act) {
          case Act::kRevise:
            return ReviseDraft(
                work, {.application_id = forms_.back(), .signed_by_representative = detail > 0});
          case Act::kSubmit:
            return Submit(work, input, std::nullopt);
          case Act::kReceive:
            return Receive(work, input);
          case Act::kForward:
            return Forward(work, input, absl::StrCat("WI-", forms_.size()));
          case Act::kExternalResult:
            return RecordResult(work, input, v1::EXTERNAL_OUTCOME_SELECTED,
                                absl::StrCat(200 * detail, ".5"));
          default:
            return Withdraw(work, input, v1::APPLICATION_WITHDRAWAL_REASON_REQUESTED);
        }
      })
      .status();
}

absl::Status Life::Draft() {
  const auto answer = world_.Do([&](auto& work) {
    return BeginDraft(work, {.engagement_id = engagement_, .signed_by_representative = true});
  });
  if (answer.ok()) forms_.push_back(IdOf(answer));
  return answer.status();
}

absl::Status Life::MoveWindow(int detail) {
  wish_.window_end = absl::StrCat("20", 90 + detail, "-12-31 18:00");
  registry::v1::CampaignChanged event;
  *event.mutable_campaign() = world_.Facts(campaign_, wish_);
  return world_.Hear(event, campaign_, ++campaign_version_);
}

absl::Status Life::Hear(Act act) {
  switch (act) {
    case Act::kAdmit:
      return HearAs(registry::v1::EnrolmentConfirmed());
    case Act::kWait:
      return HearAs(registry::v1::EnrolmentWaitlisted());
    case Act::kRefuse:
      return HearAs(registry::v1::EnrolmentDenied());
    default:
      return HearAs(registry::v1::EnrolmentWithdrawn());
  }
}

Act Life::Natural() {
  switch (state()) {
    case v1::ENGAGEMENT_STATE_LEAD:
      return Act::kContact;
    case v1::ENGAGEMENT_STATE_CONTACTED:
      return Act::kPlan;
    case v1::ENGAGEMENT_STATE_VISIT_PLANNED:
      return Act::kHold;
    case v1::ENGAGEMENT_STATE_VISITED:
      return IsConsulting(wish_.task) ? Act::kDiagnose : NaturalOfForm();
    case v1::ENGAGEMENT_STATE_DIAGNOSED:
      return Act::kAgree;
    case v1::ENGAGEMENT_STATE_PLAN_AGREED:
      return Act::kStart;
    case v1::ENGAGEMENT_STATE_IN_PROGRESS:
      return world_.Engagement(engagement_).engagement.visit_count < 3 ? Further() : Act::kResult;
    case v1::ENGAGEMENT_STATE_RESULT_REPORTED:
      return Lacking() ? Act::kRediagnose : Act::kComplete;
    default:
      return NaturalOfForm();
  }
}

Act Life::NaturalOfForm() {
  if (forms_.empty()) return Act::kDraft;
  switch (world_.Form(forms_.back()).application.state) {
    case v1::APPLICATION_STATE_DRAFT:
      return Act::kSubmit;
    case v1::APPLICATION_STATE_SUBMITTED:
      return Act::kReceive;
    case v1::APPLICATION_STATE_RECEIVED:
      return wish_.admission == registry::v1::ADMISSION_MODE_EXTERNAL ? Act::kForward : Act::kWait;
    case v1::APPLICATION_STATE_FORWARDED:
      return Act::kExternalResult;
    case v1::APPLICATION_STATE_ELIGIBLE:
      return Act::kAdmit;
    default:
      return Act::kDraft;
  }
}

}  // namespace ieum::casemgmt::testing
