#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/activity_events.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/activities/minutes_name.h"
#include "services/casemgmt/activities/training_commands.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

// The largest of the counts: some only count the women.
int Counted(const std::vector<Headcount>& counts) {
  int most = 0;
  for (const Headcount& each : counts) most = std::max(most, each.count);
  return most;
}

// Writes the counts of the activity's next revision; the activity itself is saved by the caller.
void KeepCounts(ledger::UnitOfWork& work, Activity& activity,
                const std::vector<Headcount>& counts) {
  ++activity.headcount_revision;
  InsertHeadcounts(work.tx(), activity.id, activity.headcount_revision, counts, work.now());
}

void TellCounts(ledger::UnitOfWork& work, const Activity& activity,
                const std::vector<Headcount>& counts) {
  auto event = EventOf<v1::HeadcountRecorded>(activity, work.now());
  event.set_revision(activity.headcount_revision);
  for (const Headcount& each : counts) {
    auto* added = event.add_counts();
    added->set_kind(each.kind);
    added->set_count(each.count);
  }
  Append(work, activity, event);
}

v1::ActivityHeld HeldEvent(const Activity& activity, const ListCounts& list,
                           const std::vector<Headcount>& counts, absl::Time now) {
  auto event = EventOf<v1::ActivityHeld>(activity, now);
  event.set_held_date(DayText(activity.held_day));
  event.set_person_count(list.persons);
  event.set_organization_count(list.organizations);
  event.set_total_count(CountOf(counts, v1::HEADCOUNT_KIND_TOTAL));
  return event;
}

}  // namespace

absl::StatusOr<ledger::Done> HoldActivity(ledger::UnitOfWork& work, const ActivityInput& input,
                                          const HoldInput& held) {
  work.Lock({input.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input, ActivityStep::kHold));
  ASSIGN_OR_RETURN(activity.held_day, HeldDay(activity, held.held_day, base::KoreaDay(work.now())));
  RETURN_IF_ERROR(CheckHeadcounts(held.headcounts));
  const bool counts_now = !held.headcounts.empty();
  const std::vector<Headcount> counts =
      counts_now ? held.headcounts : HeadcountsOf(work.tx(), activity);
  const ListCounts list = CountList(work.tx(), work.scope(), activity.id);
  RETURN_IF_ERROR(CheckSomebodyCame(list.attended, Counted(counts)));
  if (counts_now) KeepCounts(work, activity, counts);
  SaveStep(work, activity);
  if (counts_now) TellCounts(work, activity, counts);
  Append(work, activity, HeldEvent(activity, list, counts, work.now()));
  TellTraining(work, activity);
  return DoneWith(activity);
}

absl::StatusOr<ledger::Done> RecordHeadcount(ledger::UnitOfWork& work, const ActivityInput& input,
                                             const std::vector<Headcount>& counts) {
  work.Lock({input.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input, ActivityStep::kCount));
  RETURN_IF_ERROR(CheckHeadcounts(counts));
  if (TookPlace(activity.state)) {
    const ListCounts list = CountList(work.tx(), work.scope(), activity.id);
    RETURN_IF_ERROR(CheckSomebodyCame(list.attended, Counted(counts)));
  }
  KeepCounts(work, activity, counts);
  SaveStep(work, activity);
  TellCounts(work, activity, counts);
  TellTraining(work, activity);
  return DoneWith(activity);
}

absl::StatusOr<ledger::Done> PublishMinutes(ledger::UnitOfWork& work, const ActivityInput& input,
                                            const std::string& text,
                                            const std::optional<absl::CivilDay>& published) {
  work.Lock({input.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input, ActivityStep::kPublish));
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      StepDay(published, work.now(), activity.held_day.value_or(activity.start), "published_date"));
  ++activity.minutes_revision;
  InsertMinutes(work.tx(), {.activity_id = activity.id,
                            .revision = activity.minutes_revision,
                            .text = text,
                            .published_day = day,
                            .record_time = work.now()});
  SaveStep(work, activity);
  auto event = EventOf<v1::MinutesPublished>(activity, work.now());
  event.set_revision(activity.minutes_revision);
  event.set_published_date(base::FormatDay(day));
  Append(work, activity, event);
  return ledger::Done{activity.id, MinutesName(activity.id, activity.minutes_revision)};
}

}  // namespace ieum::casemgmt
