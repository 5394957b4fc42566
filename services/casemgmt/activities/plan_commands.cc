#include "platform/base/korea_time.h"
#include "services/casemgmt/activities/activity_commands.h"
#include "services/casemgmt/activities/activity_events.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/attendance_store.h"

namespace ieum::casemgmt {
namespace {

// What the plan changed beside days and state.
void TellNames(ledger::UnitOfWork& work, const Activity& before, const Activity& after) {
  auto event = EventOf<v1::ActivityChanged>(after, work.now());
  if (before.label != after.label) event.add_changed_fields("label");
  if (before.label_en != after.label_en) event.add_changed_fields("label_en");
  if (before.manager != after.manager) event.add_changed_fields("manager");
  if (before.centre != after.centre) event.add_changed_fields("centre");
  if (before.line_code != after.line_code) event.add_changed_fields("line_code");
  if (before.task != after.task) event.add_changed_fields("task");
  Append(work, after, event);
}

// The list of the activity, and its parts that have not ended with theirs, are the centre's that
// holds it now: whoever cancels it finds them.
void HandOver(ledger::UnitOfWork& work, const Activity& activity,
              const std::vector<base::Uuid>& parts) {
  MoveList(work.tx(), work.scope(), activity.id, activity.centre);
  for (const base::Uuid& id : parts) {
    const auto part = FindActivity(work.tx(), work.scope(), id);
    if (!part || part->centre == activity.centre) continue;
    Activity moved = *part;
    moved.centre = activity.centre;
    SaveStep(work, moved);
    MoveList(work.tx(), work.scope(), id, moved.centre);
    TellNames(work, *part, moved);
  }
}

}  // namespace

absl::Status FollowPlan(ledger::UnitOfWork& work, const PlanSays& plan) {
  const std::vector<base::Uuid> parts = LockWithParts(work, plan.activity_id);
  const auto known = FindActivity(work.tx(), work.scope(), plan.activity_id);
  const auto followed = FollowPlan(known, plan, work.now());
  if (!followed) return absl::OkStatus();
  Activity activity = followed->activity;
  if (followed->scheduled) {
    // Also what is dropped before it was ever heard of: it was planned, and then it was not.
    Activity planned = activity;
    planned.state = v1::ACTIVITY_STATE_PLANNED;
    planned.cancel_reason = v1::ACTIVITY_CANCEL_REASON_UNSPECIFIED;
    InsertActivity(work.tx(), planned);
    Append(work, planned, EventOf<v1::ActivityScheduled>(planned, work.now()));
  } else {
    SaveStep(work, activity);
    if (known->centre != activity.centre) HandOver(work, activity, parts);
    if (followed->reinstated) {
      Append(work, activity, EventOf<v1::ActivityReinstated>(activity, work.now()));
    }
    if (followed->changed) TellNames(work, *known, activity);
    if (followed->rescheduled) TellNewDays(work, activity, known->start, known->end);
  }
  if (followed->cancelled) CancelWithParts(work, std::move(activity), parts);
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
