#include "services/casemgmt/activities/activity_commands.h"

#include "absl/strings/str_cat.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/activity_events.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/activities/training_commands.h"
#include "services/casemgmt/activities/training_store.h"
#include "services/casemgmt/days.h"

namespace ieum::casemgmt {
namespace {

absl::Status IdTaken() {
  return base::AlreadyExists("ID_TAKEN", "there is an activity with this id; choose another");
}

Activity NewActivity(const EnterActivityInput& input, const base::Uuid& id, absl::Time now) {
  Activity activity;
  activity.id = id;
  activity.parent = input.parent;
  if (input.kind != v1::ACTIVITY_KIND_UNSPECIFIED) activity.kind = input.kind;
  activity.programme = input.programme;
  activity.edition = input.edition;
  activity.line_code = input.line_code;
  activity.task = input.task;
  activity.start = input.start;
  activity.end = input.end;
  activity.label = input.label;
  activity.label_en = input.label_en;
  activity.place = input.place;
  activity.capacity = input.capacity;
  activity.manager = input.manager;
  activity.date_by_hand = activity.manager_by_hand = true;
  activity.create_time = activity.update_time = now;
  return activity;
}

// A training of an engagement is counted as one.
absl::Status CheckKind(const Activity& activity, const ChangeActivityInput& input) {
  if (!activity.training || !input.kind || *input.kind == activity.kind) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "activity.kind",
                            "stays ACTIVITY_KIND_TRAINING for a training of an engagement");
}

// Where it belongs: to the centre that is asked for, or to the engagement's.
absl::Status TakePlace(ledger::UnitOfWork& work, const EnterActivityInput& input,
                       Activity* activity) {
  if (input.engagement) {
    activity->centre = input.centre;
    return TakeEngagement(work, *input.engagement, input.training_duration, activity);
  }
  if (input.training_duration != 0) {
    return base::InvalidField("INVALID_FIELD", "activity.training_duration",
                              "is only given with the engagement that it is a training of");
  }
  ASSIGN_OR_RETURN(activity->centre,
                   base::ChosenCentre(work.scope(), input.centre, "activity.centre"));
  return absl::OkStatus();
}

// The names of what a plan has are the plan's.
absl::Status CheckNames(const Activity& activity, const ChangeActivityInput& input) {
  if (!activity.plan) return absl::OkStatus();
  const bool renames = (input.label && *input.label != activity.label) ||
                       (input.label_en && *input.label_en != activity.label_en);
  if (!renames) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "activity.label",
                            "comes from the approved plan; change it there");
}

void TakeChanges(const ChangeActivityInput& input, Activity* activity) {
  if (input.kind) {
    const bool given = *input.kind != v1::ACTIVITY_KIND_UNSPECIFIED;
    activity->kind = given ? *input.kind : v1::ACTIVITY_KIND_OTHER;
  }
  if (input.label) activity->label = *input.label;
  if (input.label_en) activity->label_en = *input.label_en;
  if (input.place) activity->place = *input.place;
  if (input.capacity) activity->capacity = *input.capacity;
  if (input.manager) {
    activity->manager = *input.manager;
    activity->manager_by_hand = true;
  }
}

template <class Event>
absl::StatusOr<ledger::Done> TakeStep(ledger::UnitOfWork& work, const ActivityInput& input,
                                      ActivityStep step) {
  work.Lock({input.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input, step));
  SaveStep(work, activity);
  Append(work, activity, EventOf<Event>(activity, work.now()));
  return DoneWith(activity);
}

void CancelOne(ledger::UnitOfWork& work, Activity& activity, v1::ActivityCancelReason reason) {
  activity.state = v1::ACTIVITY_STATE_CANCELLED;
  activity.cancel_reason = reason;
  SaveStep(work, activity);
  auto event = EventOf<v1::ActivityCancelled>(activity, work.now());
  event.set_reason(reason);
  Append(work, activity, event);
  TellNoDay(work, activity);
}

}  // namespace

absl::StatusOr<Activity> LoadActivity(ledger::UnitOfWork& work, const ActivityInput& input) {
  const auto activity = FindActivity(work.tx(), work.scope(), input.activity_id);
  if (!activity) return base::NotFound(ActivityName(input.activity_id));
  RETURN_IF_ERROR(work.ExpectEtag(input.activity_id, input.etag));
  return *activity;
}

absl::StatusOr<Activity> LoadForStep(ledger::UnitOfWork& work, const ActivityInput& input,
                                     ActivityStep step) {
  ASSIGN_OR_RETURN(Activity activity, LoadActivity(work, input));
  ASSIGN_OR_RETURN(activity.state, NextState(activity.state, step));
  return activity;
}

void SaveStep(ledger::UnitOfWork& work, Activity& activity) {
  activity.update_time = work.now();
  SaveActivity(work.tx(), work.scope(), activity);
}

void Append(ledger::UnitOfWork& work, const Activity& activity,
            const google::protobuf::Message& event) {
  work.Append(activity.id, "activity", ActivityName(activity.id), event);
}

ledger::Done DoneWith(const Activity& activity) { return {activity.id, ActivityName(activity.id)}; }

void TellNewDays(ledger::UnitOfWork& work, const Activity& activity, absl::CivilDay previous_start,
                 absl::CivilDay previous_end) {
  auto event = EventOf<v1::ActivityRescheduled>(activity, work.now());
  event.set_previous_start_date(base::FormatDay(previous_start));
  event.set_previous_end_date(base::FormatDay(previous_end));
  Append(work, activity, event);
  for (const Attendance& each : ExpectedAt(work.tx(), work.scope(), activity.id)) {
    auto moved = EventOf<v1::InvitationMoved>(activity, each, work.now());
    moved.set_previous_start_date(base::FormatDay(previous_start));
    Append(work, activity, moved);
  }
}

void TellNoDay(ledger::UnitOfWork& work, const Activity& activity) {
  for (const Attendance& each : ExpectedAt(work.tx(), work.scope(), activity.id)) {
    Append(work, activity, EventOf<v1::InvitationEnded>(activity, each, work.now()));
  }
}

std::vector<base::Uuid> LockWithParts(ledger::UnitOfWork& work, const base::Uuid& activity_id) {
  const std::vector<base::Uuid> parts = OpenParts(work.tx(), work.scope(), activity_id);
  std::vector<base::Uuid> ids = parts;
  ids.push_back(activity_id);
  work.Lock(std::move(ids));
  if (OpenParts(work.tx(), work.scope(), activity_id) != parts) db::Conflict();
  return parts;
}

void CancelWithParts(ledger::UnitOfWork& work, Activity activity,
                     const std::vector<base::Uuid>& parts) {
  CancelOne(work, activity, activity.cancel_reason);
  for (const base::Uuid& id : parts) {
    auto part = FindActivity(work.tx(), work.scope(), id);
    if (part) CancelOne(work, *part, v1::ACTIVITY_CANCEL_REASON_PARENT_CANCELLED);
  }
}

absl::StatusOr<ledger::Done> EnterActivity(ledger::UnitOfWork& work,
                                           const EnterActivityInput& input) {
  const base::Uuid id = input.activity_id.value_or(work.DeriveId("activity"));
  // Parent and engagement are locked so that their end and what is new of them never miss each
  // other.
  std::vector<base::Uuid> ids = {id};
  if (input.parent && *input.parent != id) ids.push_back(*input.parent);
  if (input.engagement && *input.engagement != id) ids.push_back(*input.engagement);
  work.Lock(std::move(ids));
  if (work.Version(id) != 0) return IdTaken();
  RETURN_IF_ERROR(CheckDays(input.start, input.end));
  Activity activity = NewActivity(input, id, work.now());
  RETURN_IF_ERROR(TakePlace(work, input, &activity));
  if (input.parent) {
    RETURN_IF_ERROR(
        CheckParent(FindActivity(work.tx(), work.scope(), *input.parent), activity.centre));
  }
  if (!InsertActivity(work.tx(), activity)) return IdTaken();  // somebody was faster
  if (activity.training) InsertTraining(work.tx(), activity);
  Append(work, activity, EventOf<v1::ActivityScheduled>(activity, work.now()));
  return DoneWith(activity);
}

absl::StatusOr<ledger::Done> ChangeActivity(ledger::UnitOfWork& work,
                                            const ChangeActivityInput& input) {
  work.Lock({input.activity.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input.activity, ActivityStep::kUpdate));
  RETURN_IF_ERROR(CheckNames(activity, input));
  RETURN_IF_ERROR(CheckKind(activity, input));
  if (input.capacity) {
    RETURN_IF_ERROR(
        CheckPlaces(*input.capacity, CountList(work.tx(), work.scope(), activity.id).yes));
  }
  TakeChanges(input, &activity);
  SaveStep(work, activity);
  auto event = EventOf<v1::ActivityChanged>(activity, work.now());
  for (const std::string& path : input.changed_fields) event.add_changed_fields(path);
  Append(work, activity, event);
  return DoneWith(activity);
}

absl::StatusOr<ledger::Done> OpenActivity(ledger::UnitOfWork& work, const ActivityInput& input) {
  return TakeStep<v1::ActivityOpened>(work, input, ActivityStep::kOpen);
}

absl::StatusOr<ledger::Done> ConfirmActivity(ledger::UnitOfWork& work, const ActivityInput& input) {
  return TakeStep<v1::ActivityConfirmed>(work, input, ActivityStep::kConfirm);
}

absl::StatusOr<ledger::Done> RescheduleActivity(ledger::UnitOfWork& work,
                                                const ActivityInput& input, absl::CivilDay start,
                                                absl::CivilDay end) {
  work.Lock({input.activity_id});
  ASSIGN_OR_RETURN(const Activity before, LoadActivity(work, input));
  Activity activity = before;
  ASSIGN_OR_RETURN(activity.state, NextState(before.state, ActivityStep::kReschedule));
  RETURN_IF_ERROR(CheckDays(start, end));
  // Even the same days, said by hand, are kept against the plan; those who were told of them are
  // told nothing.
  const bool same = start == before.start && end == before.end && before.state == activity.state;
  if (same && before.date_by_hand) return DoneWith(activity);
  activity.start = start;
  activity.end = end;
  activity.date_by_hand = true;
  SaveStep(work, activity);
  if (same) {
    auto event = EventOf<v1::ActivityChanged>(activity, work.now());
    event.add_changed_fields("date_by_hand");
    Append(work, activity, event);
  } else {
    TellNewDays(work, activity, before.start, before.end);
  }
  return DoneWith(activity);
}

absl::StatusOr<ledger::Done> PostponeActivity(ledger::UnitOfWork& work,
                                              const ActivityInput& input) {
  work.Lock({input.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input, ActivityStep::kPostpone));
  SaveStep(work, activity);
  Append(work, activity, EventOf<v1::ActivityPostponed>(activity, work.now()));
  TellNoDay(work, activity);
  return DoneWith(activity);
}

absl::StatusOr<ledger::Done> CancelActivity(ledger::UnitOfWork& work, const ActivityInput& input,
                                            v1::ActivityCancelReason reason) {
  const std::vector<base::Uuid> parts = LockWithParts(work, input.activity_id);
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input, ActivityStep::kCancel));
  activity.cancel_reason = reason;
  const ledger::Done done = DoneWith(activity);
  CancelWithParts(work, std::move(activity), parts);
  return done;
}

}  // namespace ieum::casemgmt
