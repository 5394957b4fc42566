#include "services/casemgmt/engagements/recommendation_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_events.h"
#include "services/casemgmt/engagements/engagement_store.h"
#include "services/casemgmt/engagements/recommendation_store.h"

namespace ieum::casemgmt {
namespace {

ledger::Done DoneWith(const Recommendation& recommendation) {
  return {recommendation.engagement_id,
          RecommendationName(recommendation.engagement_id, recommendation.id)};
}

v1::RecommendationFacts FactsOf(const Recommendation& recommendation) {
  v1::RecommendationFacts facts;
  facts.set_recommendation_id(recommendation.id.ToString());
  facts.set_scheme_code(recommendation.scheme_code);
  facts.set_recommended_date(base::FormatDay(recommendation.day));
  facts.set_state(recommendation.state);
  return facts;
}

v1::AdoptionCheckFacts FactsOf(const AdoptionCheck& check) {
  v1::AdoptionCheckFacts facts;
  facts.set_check_id(check.id.ToString());
  facts.set_months(check.months);
  facts.set_due_date(base::FormatDay(check.due));
  facts.set_state(check.state);
  facts.set_outcome(check.outcome);
  facts.set_checked_date(DayText(check.checked_day));
  facts.set_evidence(check.evidence_kind);
  facts.set_revision(check.revision);
  return facts;
}

template <class Event>
Event EventOf(const Engagement& engagement, const Recommendation& recommendation, absl::Time now) {
  auto event = casemgmt::EventOf<Event>(engagement, now);
  *event.mutable_recommendation() = FactsOf(recommendation);
  return event;
}

// What somebody has to look at: the consultant's, and the manager is told when it is late.
Task TaskOf(const Engagement& engagement, const Recommendation& recommendation,
            const AdoptionCheck& check) {
  return {.id = check.id,
          .kind = v1::CASE_TASK_KIND_ADOPTION_CHECK,
          .aggregate = engagement.id,
          .aggregate_kind = "engagement",
          .subject = RecommendationName(engagement.id, recommendation.id),
          .due = check.due,
          .owner = engagement.consultant,
          .supervisor = engagement.manager,
          .centre = engagement.centre};
}

Recommendation NewRecommendation(ledger::UnitOfWork& work, const RecommendInput& input,
                                 absl::CivilDay day) {
  Recommendation recommendation{.id = work.DeriveId("recommendation"),
                                .engagement_id = input.step.engagement_id,
                                .measure = input.measure,
                                .scheme_code = input.scheme_code,
                                .day = day,
                                .create_time = work.now(),
                                .update_time = work.now()};
  recommendation.checks = PlanChecks(recommendation.id, day, input.check_months);
  return recommendation;
}

absl::Status CheckRoom(ledger::UnitOfWork& work, const Engagement& engagement) {
  const auto known = RecommendationsOf(work.tx(), work.scope(), engagement.id);
  if (static_cast<int>(known.size()) < kRecommendationsMax) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_RECOMMENDATION_LIMIT,
      absl::StrCat("an engagement has at most ", kRecommendationsMax, " recommendations"),
      {{"limit", absl::StrCat(kRecommendationsMax)}});
}

// What the checks make of the measure's adoption: it counts once, from the day on which it was
// first found, and no more when none finds it any longer.
void TellAdoption(ledger::UnitOfWork& work, const Engagement& engagement,
                  const Recommendation& recommendation, const std::optional<Adoption>& before) {
  if (before && (!recommendation.adoption || recommendation.adoption->id != before->id)) {
    auto event = EventOf<v1::MeasureAdoptionRetracted>(engagement, recommendation, work.now());
    event.set_adoption_id(before->id.ToString());
    event.set_adopted_date(base::FormatDay(before->day));
    Append(work, engagement, event);
  }
  if (!recommendation.adoption || (before && before->id == recommendation.adoption->id)) return;
  auto event = EventOf<v1::MeasureAdopted>(engagement, recommendation, work.now());
  *event.mutable_check() = FactsOf(*FirstAdopted(recommendation.checks));
  event.set_adopted_date(base::FormatDay(recommendation.adoption->day));
  event.set_adoption_id(recommendation.adoption->id.ToString());
  Append(work, engagement, event);
}

void TakeFinding(ledger::UnitOfWork& work, const AdoptionCheckInput& input, absl::CivilDay day,
                 Recommendation& recommendation) {
  AdoptionCheck& check = *CheckAfter(recommendation, input.months);
  check.state = v1::ADOPTION_CHECK_STATE_DONE;
  ++check.revision;
  check.outcome = input.outcome;
  check.evidence_kind = input.evidence_kind;
  check.evidence = input.evidence;
  check.checked_day = day;
  recommendation.state = StateByChecks(recommendation.checks);
  recommendation.update_time = work.now();
  const AdoptionCheck* first = FirstAdopted(recommendation.checks);
  if (first == nullptr) {
    recommendation.adoption.reset();
  } else if (!recommendation.adoption || recommendation.adoption->day != *first->checked_day) {
    recommendation.adoption = Adoption{work.DeriveId("adoption"), *first->checked_day};
  }
}

}  // namespace

absl::StatusOr<ledger::Done> RecommendMeasure(ledger::UnitOfWork& work,
                                              const RecommendInput& input) {
  work.Lock({input.step.engagement_id});
  ASSIGN_OR_RETURN(Engagement engagement,
                   LoadEngagement(work, input.step.engagement_id, input.step.etag));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kRecommend));
  // Whoever is beyond DIAGNOSED was diagnosed.
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      StepDay(input.step.day, work.now(), engagement.diagnosis->day, "recommended_date"));
  RETURN_IF_ERROR(CheckRoom(work, engagement));
  const Recommendation recommendation = NewRecommendation(work, input, day);
  InsertRecommendation(work.tx(), recommendation);
  SaveStep(work, engagement, next, engagement.last_step_day);
  auto event = EventOf<v1::MeasureRecommended>(engagement, recommendation, work.now());
  for (const AdoptionCheck& check : recommendation.checks) *event.add_checks() = FactsOf(check);
  Append(work, engagement, event);
  for (const AdoptionCheck& check : recommendation.checks) {
    PutTask(work, TaskOf(engagement, recommendation, check));
  }
  return DoneWith(recommendation);
}

absl::StatusOr<ledger::Done> RecordAdoptionCheck(ledger::UnitOfWork& work,
                                                 const AdoptionCheckInput& input) {
  work.Lock({input.step.engagement_id});
  ASSIGN_OR_RETURN(Engagement engagement,
                   LoadEngagement(work, input.step.engagement_id, input.step.etag));
  auto known = FindRecommendation(work.tx(), work.scope(), engagement.id, input.recommendation_id);
  if (!known) return base::NotFound(RecommendationName(engagement.id, input.recommendation_id));
  Recommendation recommendation = *std::move(known);
  // One whose engagement was broken off says more than that engagement's state.
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(input.step.day, work.now(), recommendation.day, "checked_date"));
  RETURN_IF_ERROR(CheckCanLook(recommendation, input.months, day));
  ASSIGN_OR_RETURN(const v1::EngagementState next,
                   NextState(engagement.task, engagement.state, EngagementStep::kCheckAdoption));
  const v1::AdoptionOutcome previous = CheckAfter(recommendation, input.months)->outcome;
  const std::optional<Adoption> before = recommendation.adoption;
  TakeFinding(work, input, day, recommendation);
  const AdoptionCheck& check = *CheckAfter(recommendation, input.months);
  InsertFinding(work.tx(), check, work.now());
  SaveRecommendation(work.tx(), recommendation);
  SaveStep(work, engagement, next, engagement.last_step_day);
  auto event = EventOf<v1::AdoptionChecked>(engagement, recommendation, work.now());
  *event.mutable_check() = FactsOf(check);
  event.set_previous_outcome(previous);
  Append(work, engagement, event);
  TellAdoption(work, engagement, recommendation, before);
  EndTask(work, check.id, v1::CASE_TASK_STATE_DONE);
  return DoneWith(recommendation);
}

absl::StatusOr<ledger::Done> TellAdoptionCheckDue(ledger::UnitOfWork& work,
                                                  const base::Uuid& engagement_id,
                                                  const base::Uuid& recommendation_id,
                                                  const base::Uuid& check_id) {
  work.Lock({engagement_id});
  const base::Scope everywhere = base::Scope::Everywhere();
  const auto engagement = FindEngagement(work.tx(), everywhere, engagement_id);
  auto recommendation = FindRecommendation(work.tx(), everywhere, engagement_id, recommendation_id);
  if (!engagement || !recommendation) {
    return base::NotFound(RecommendationName(engagement_id, recommendation_id));
  }
  for (AdoptionCheck& check : recommendation->checks) {
    if (check.id != check_id || check.state != v1::ADOPTION_CHECK_STATE_PLANNED) continue;
    check.state = v1::ADOPTION_CHECK_STATE_DUE;
    SaveRecommendation(work.tx(), *recommendation);
    auto event = EventOf<v1::AdoptionCheckDue>(*engagement, *recommendation, work.now());
    *event.mutable_check() = FactsOf(check);
    Append(work, *engagement, event);
  }
  return DoneWith(*recommendation);
}

void WithdrawRecommendations(ledger::UnitOfWork& work, const Engagement& engagement) {
  for (Recommendation& each : RecommendationsOf(work.tx(), work.scope(), engagement.id)) {
    bool waited = false;
    for (AdoptionCheck& check : each.checks) {
      if (!check.waits()) continue;
      waited = true;
      check.state = v1::ADOPTION_CHECK_STATE_CANCELLED;
      EndTask(work, check.id, v1::CASE_TASK_STATE_DROPPED);
    }
    if (!waited) continue;
    // What somebody has found stays found.
    if (each.state == v1::RECOMMENDATION_STATE_OPEN) {
      each.state = v1::RECOMMENDATION_STATE_WITHDRAWN;
    }
    each.update_time = work.now();
    SaveRecommendation(work.tx(), each);
    Append(work, engagement, EventOf<v1::RecommendationWithdrawn>(engagement, each, work.now()));
  }
}

void GiveAdoptionChecks(ledger::UnitOfWork& work, const Engagement& engagement) {
  for (const Recommendation& each : RecommendationsOf(work.tx(), work.scope(), engagement.id)) {
    for (const AdoptionCheck& check : each.checks) {
      if (check.waits()) PutTask(work, TaskOf(engagement, each, check));
    }
  }
}

}  // namespace ieum::casemgmt
