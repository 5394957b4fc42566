#include "services/casemgmt/activities/attendance_commands.h"

#include <algorithm>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/activities/activity_events.h"
#include "services/casemgmt/activities/activity_store.h"
#include "services/casemgmt/activities/attendance_store.h"
#include "services/casemgmt/activities/training.h"
#include "services/casemgmt/activities/training_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/references/reference_store.h"

namespace ieum::casemgmt {
namespace {

ledger::Done DoneWith(const Attendance& attendance) {
  return {attendance.activity_id, AttendanceName(attendance.activity_id, attendance.id)};
}

absl::Status ListedAlready() {
  return base::AlreadyExists(v1::ERROR_REASON_ATTENDEE_LISTED_ALREADY,
                             "they are on the activity's list already");
}

// People are registry's: all that is known of them here is that one was erased.
absl::Status CheckKnown(db::Tx& tx, const Attendee& who, absl::CivilDay today) {
  RETURN_IF_ERROR(CheckAttendee(who));
  if (who.person && WasErased(tx, *who.person)) {
    return base::Forbidden(platform::v1::ERROR_REASON_PERSON_ERASED,
                           "the person's data were erased; count her without a name");
  }
  if (!who.organization) return absl::OkStatus();
  return CheckActive(FindOrganization(tx, *who.organization), today);
}

Attendance NewEntry(ledger::UnitOfWork& work, const ListInput& input, const Activity& activity) {
  Attendance entry;
  entry.id = input.attendance_id.value_or(work.DeriveId("attendance"));
  entry.activity_id = activity.id;
  entry.who = input.who;
  if (input.role != v1::ATTENDANCE_ROLE_UNSPECIFIED) entry.role = input.role;
  entry.centre = activity.centre;
  entry.create_time = entry.update_time = work.now();
  return entry;
}

struct Loaded {
  Activity activity;
  Attendance attendance;
};

absl::StatusOr<Loaded> Load(ledger::UnitOfWork& work, const AttendanceInput& input,
                            ActivityStep step) {
  const base::Uuid& activity_id = input.activity.activity_id;
  work.Lock({activity_id});
  const auto attendance = FindAttendance(work.tx(), work.scope(), activity_id, input.attendance_id);
  if (!attendance) return base::NotFound(AttendanceName(activity_id, input.attendance_id));
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input.activity, step));
  return Loaded{std::move(activity), *attendance};
}

// Writes the entry, and tells `Event` of it. The activity's own row stays as it is.
template <class Event>
void Save(ledger::UnitOfWork& work, const Activity& activity, Attendance& attendance) {
  attendance.update_time = work.now();
  SaveAttendance(work.tx(), work.scope(), attendance);
  Append(work, activity, EventOf<Event>(activity, attendance, work.now()));
}

}  // namespace

absl::StatusOr<ledger::Done> Invite(ledger::UnitOfWork& work, const ListInput& input) {
  work.Lock({input.activity.activity_id});
  ASSIGN_OR_RETURN(const Activity activity,
                   LoadForStep(work, input.activity, ActivityStep::kInvite));
  RETURN_IF_ERROR(CheckKnown(work.tx(), input.who, base::KoreaDay(work.now())));
  if (FindAttendee(work.tx(), work.scope(), activity.id, input.who)) return ListedAlready();
  RETURN_IF_ERROR(CheckListed(CountList(work.tx(), work.scope(), activity.id)));
  const Attendance entry = NewEntry(work, input, activity);
  if (!InsertAttendance(work.tx(), entry)) {
    return base::AlreadyExists("ID_TAKEN", "there is an entry with this id; choose another");
  }
  Append(work, activity, EventOf<v1::AttendeeInvited>(activity, entry, work.now()));
  return DoneWith(entry);
}

absl::StatusOr<ledger::Done> CheckIn(ledger::UnitOfWork& work, const ListInput& input) {
  work.Lock({input.activity.activity_id});
  ASSIGN_OR_RETURN(Activity activity, LoadForStep(work, input.activity, ActivityStep::kCheckIn));
  const absl::CivilDay today = base::KoreaDay(work.now());
  RETURN_IF_ERROR(CheckKnown(work.tx(), input.who, today));
  ASSIGN_OR_RETURN(const absl::CivilDay day, AttendedDay(activity, today));
  auto listed = FindAttendee(work.tx(), work.scope(), activity.id, input.who);
  if (listed && listed->came()) return DoneWith(*listed);  // scanned again
  if (listed) {
    listed->check_in_time = work.now();
    listed->attended_day = day;
    Save<v1::AttendanceRecorded>(work, activity, *listed);
    TellTraining(work, activity);
    return DoneWith(*listed);
  }
  RETURN_IF_ERROR(CheckListed(CountList(work.tx(), work.scope(), activity.id)));
  Attendance entry = NewEntry(work, input, activity);
  entry.walk_in = true;
  entry.check_in_time = work.now();
  entry.attended_day = day;
  if (!InsertAttendance(work.tx(), entry)) return ListedAlready();
  Append(work, activity, EventOf<v1::AttendanceRecorded>(activity, entry, work.now()));
  TellTraining(work, activity);
  return DoneWith(entry);
}

absl::StatusOr<ledger::Done> Answer(ledger::UnitOfWork& work, const AttendanceInput& input,
                                    v1::InvitationAnswer answer) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input, ActivityStep::kAnswer));
  auto& [activity, attendance] = loaded;
  RETURN_IF_ERROR(CheckCanAnswer(attendance));
  if (attendance.answer == answer) return DoneWith(attendance);
  if (answer == v1::INVITATION_ANSWER_YES) {
    const ListCounts list = CountList(work.tx(), work.scope(), activity.id);
    RETURN_IF_ERROR(CheckPlaces(activity.capacity, list.yes + 1));
  }
  attendance.answer = answer;
  attendance.answer_time = work.now();
  Save<v1::AttendeeAnswered>(work, activity, attendance);
  return DoneWith(attendance);
}

absl::StatusOr<ledger::Done> Retract(ledger::UnitOfWork& work, const AttendanceInput& input,
                                     v1::AttendanceCorrection reason) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input, ActivityStep::kRetract));
  auto& [activity, attendance] = loaded;
  RETURN_IF_ERROR(CheckCame(attendance));
  if (TookPlace(activity.state)) {
    int counted = 0;
    for (const Headcount& each : HeadcountsOf(work.tx(), activity)) {
      counted = std::max(counted, each.count);
    }
    const ListCounts list = CountList(work.tx(), work.scope(), activity.id);
    RETURN_IF_ERROR(CheckSomebodyCame(list.attended - 1, counted));
  }
  const std::string day = DayText(attendance.attended_day);
  attendance.check_in_time.reset();
  attendance.attended_day.reset();
  attendance.attended_duration = 0;
  attendance.update_time = work.now();
  SaveAttendance(work.tx(), work.scope(), attendance);
  auto event = EventOf<v1::AttendanceRetracted>(activity, attendance, work.now());
  event.set_reason(reason);
  event.set_retracted_date(day);
  Append(work, activity, event);
  TellTraining(work, activity);
  return DoneWith(attendance);
}

absl::StatusOr<ledger::Done> RecordAttendedDuration(ledger::UnitOfWork& work,
                                                    const AttendanceInput& input, int duration) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(work, input, ActivityStep::kRecordDuration));
  auto& [activity, attendance] = loaded;
  RETURN_IF_ERROR(CheckDuration(activity, duration));
  RETURN_IF_ERROR(CheckCame(attendance));
  if (attendance.attended_duration == duration) return DoneWith(attendance);
  attendance.attended_duration = duration;
  attendance.update_time = work.now();
  SaveAttendance(work.tx(), work.scope(), attendance);
  auto event = EventOf<v1::AttendedDurationRecorded>(activity, attendance, work.now());
  event.set_completed(CompletesTraining(*activity.training, duration));
  Append(work, activity, event);
  TellTraining(work, activity);
  return DoneWith(attendance);
}

std::vector<base::Uuid> AttendancesTouched(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> ids;
  for (const Attendance& entry : EntriesOf(tx, person)) ids.push_back(entry.activity_id);
  return ids;
}

absl::Status Anonymise(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (Attendance entry : EntriesOf(work.tx(), person)) {
    const auto activity = FindActivity(work.tx(), work.scope(), entry.activity_id);
    if (!activity) continue;
    entry.who.person.reset();
    entry.anonymised = true;
    Save<v1::AttendanceAnonymised>(work, *activity, entry);
  }
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
