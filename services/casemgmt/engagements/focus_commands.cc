#include <utility>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/decimal.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_commands.h"
#include "services/casemgmt/engagements/engagement_events.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/visit_commands.h"
#include "services/casemgmt/engagements/visit_store.h"

namespace ieum::casemgmt {

absl::StatusOr<ledger::Done> Diagnose(ledger::UnitOfWork& work, const StepInput& input,
                                      const std::string& score, const std::string& findings) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kDiagnose, "diagnosis.diagnosed_date"));
  if (!score.empty() && !base::Decimal::Parse(score)) {
    return base::InvalidField("INVALID_FIELD", "diagnosis.score", "must be a number such as 62.5");
  }
  step.engagement.diagnosis = Diagnosis{.day = step.day, .score = score, .findings = findings};
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementDiagnosed>(step.engagement, work.now());
  event.set_diagnosed_date(base::FormatDay(step.day));
  event.set_score(score);
  Append(work, step.engagement, event);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> Rediagnose(ledger::UnitOfWork& work, const StepInput& input,
                                        const std::string& score, const std::string& findings) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, input.engagement_id, input.etag));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kRediagnose));
  RETURN_IF_ERROR(CheckSecondScore(score));
  // Whoever has begun the work was diagnosed.
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      StepDay(input.day, work.now(), engagement.diagnosis->day, "diagnosis.diagnosed_date"));
  engagement.second_diagnosis = Diagnosis{.day = day, .score = score, .findings = findings};
  SaveStep(work, engagement, next, engagement.last_step_day);
  auto event = EventOf<v1::EngagementRediagnosed>(engagement, work.now());
  event.set_diagnosed_date(base::FormatDay(day));
  event.set_score(score);
  event.set_previous_score(engagement.diagnosis->score);
  event.set_gain(DiagnosisGain(engagement));
  Append(work, engagement, event);
  return DoneWith(engagement);
}

absl::StatusOr<ledger::Done> AgreePlan(ledger::UnitOfWork& work, const StepInput& input,
                                       const PlanInput& plan) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kAgreePlan, "plan.agreed_date"));
  step.engagement.plan = ConsultingPlan{.agreed_day = step.day,
                                        .tasks = plan.tasks,
                                        .planned_visit_count = plan.planned_visit_count,
                                        .recommended_scheme_codes = plan.recommended_scheme_codes};
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementPlanAgreed>(step.engagement, work.now());
  event.set_agreed_date(base::FormatDay(step.day));
  event.set_plan_task_count(static_cast<int>(plan.tasks.size()));
  event.set_planned_visit_count(plan.planned_visit_count);
  for (const std::string& code : plan.recommended_scheme_codes) {
    event.add_recommended_scheme_codes(code);
  }
  Append(work, step.engagement, event);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> StartWork(ledger::UnitOfWork& work, const StepInput& input) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kStart, "started_date"));
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementStarted>(step.engagement, work.now());
  event.set_started_date(base::FormatDay(step.day));
  Append(work, step.engagement, event);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> ReportResult(ledger::UnitOfWork& work, const StepInput& input,
                                          const std::string& summary) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kReportResult, "reported_date"));
  step.engagement.result_summary = summary;
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementResultReported>(step.engagement, work.now());
  event.set_reported_date(base::FormatDay(step.day));
  Append(work, step.engagement, event);
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> ApproveCompletion(ledger::UnitOfWork& work, const StepInput& input,
                                               const base::Uuid& approver) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(DecidedStep step,
                   DecideStep(work, input, EngagementStep::kComplete, "completed_date"));
  RETURN_IF_ERROR(CheckCompletion(
      step.engagement, VisitsOf(work.tx(), work.scope(), input.engagement_id), approver));
  step.engagement.approver = approver;
  SaveStep(work, step.engagement, step.next, step.day);
  auto event = EventOf<v1::EngagementCompleted>(step.engagement, work.now());
  event.set_completed_date(base::FormatDay(step.day));
  event.set_approver_person_id(approver.ToString());
  event.set_visit_count(step.engagement.visit_count);
  Append(work, step.engagement, event);
  CancelPlannedVisits(work, step.engagement, work.now());
  return DoneWith(step.engagement);
}

absl::StatusOr<ledger::Done> AdoptScheme(ledger::UnitOfWork& work, const StepInput& input,
                                         const std::string& scheme_code,
                                         const std::string& evidence) {
  work.Lock({input.engagement_id});
  ASSIGN_OR_RETURN(Engagement engagement, LoadEngagement(work, input.engagement_id, input.etag));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kAdoptScheme));
  // Recording follows the fact, sometimes after the result report, so only the lead day bounds it.
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.day, work.now(), engagement.lead_day, "adopted_date"));
  const SchemeAdoption adoption{.id = work.DeriveId("scheme_adoption"),
                                .scheme_code = scheme_code,
                                .adopted_day = day,
                                .evidence = evidence};
  if (!InsertAdoption(work.tx(), engagement.id, adoption, work.now())) {
    return base::AlreadyExists(v1::ERROR_REASON_SCHEME_ADOPTED_ALREADY,
                               "the adoption of this scheme is recorded");
  }
  SaveStep(work, engagement, next, engagement.last_step_day);
  auto event = EventOf<v1::SchemeAdopted>(engagement, work.now());
  event.set_adoption_id(adoption.id.ToString());
  event.set_scheme_code(scheme_code);
  event.set_adopted_date(base::FormatDay(day));
  Append(work, engagement, event);
  return DoneWith(engagement);
}

}  // namespace ieum::casemgmt
