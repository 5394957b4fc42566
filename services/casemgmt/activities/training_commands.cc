#include "services/casemgmt/activities/training_commands.h"

#include "services/casemgmt/activities/activity_events.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/training.h"
#include "services/casemgmt/activities/training_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/engagements/engagement_store.h"

namespace ieum::casemgmt {
namespace {

v1::TrainingFacts TrainingFactsOf(const Activity& activity) {
  const Training& training = *activity.training;
  v1::TrainingFacts facts;
  facts.set_result_id(training.result->ToString());
  facts.set_held_date(DayText(activity.held_day));
  facts.set_attendee_count(training.counts.attendees);
  facts.set_completer_count(training.counts.completers);
  return facts;
}

}  // namespace

absl::Status TakeEngagement(ledger::UnitOfWork& work, const base::Uuid& engagement_id, int duration,
                            Activity* activity) {
  return BecomeTraining(FindEngagement(work.tx(), work.scope(), engagement_id), duration, activity);
}

void TellTraining(ledger::UnitOfWork& work, Activity& activity) {
  if (!activity.training || !TookPlace(activity.state)) return;
  Training& training = *activity.training;
  const TrainingCounts counts =
      CountsOf(CountNamed(work.tx(), work.scope(), activity), HeadcountsOf(work.tx(), activity));
  if (training.result && counts == training.counts) return;
  const auto before = training.result;
  training.result = work.DeriveId("training_result");
  training.counts = counts;
  SaveTrainingResult(work.tx(), activity);
  if (!before) {
    auto event = EventOf<v1::TrainingCompleted>(activity, work.now());
    *event.mutable_training() = TrainingFactsOf(activity);
    Append(work, activity, event);
    return;
  }
  auto event = EventOf<v1::TrainingRecounted>(activity, work.now());
  *event.mutable_training() = TrainingFactsOf(activity);
  event.set_previous_result_id(before->ToString());
  Append(work, activity, event);
}

void RecountTrainings(ledger::UnitOfWork& work, const std::vector<base::Uuid>& trainings) {
  for (const base::Uuid& id : trainings) {
    auto activity = FindActivity(work.tx(), work.scope(), id);
    if (activity) TellTraining(work, *activity);
  }
}

}  // namespace ieum::casemgmt
