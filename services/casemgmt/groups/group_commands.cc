#include "services/casemgmt/groups/group_commands.h"

#include <algorithm>

#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/status.h"
#include "services/casemgmt/appointments/appointment_commands.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/groups/group_parts.h"
#include "services/casemgmt/groups/group_store.h"

namespace ieum::casemgmt {
namespace {

std::vector<std::string> InOrder(std::vector<std::string> codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

Group NewGroup(const FormGroupInput& input, const base::Uuid& id, absl::Time now) {
  Group group;
  group.id = id;
  group.code = input.code;
  group.label = input.label;
  group.programme = input.programme;
  group.edition = input.edition;
  group.line_code = input.line_code;
  group.job_code = input.job_code;
  group.needs = InOrder(input.needs);
  group.coach = input.coach;
  group.coach_subject = input.coach_subject;
  group.maker_subject = input.maker_subject;
  if (input.completion_percent != 0) group.completion_percent = input.completion_percent;
  group.create_time = group.update_time = now;
  return group;
}

absl::Status Refused(GroupInserted inserted) {
  if (inserted == GroupInserted::kCodeTaken) {
    return base::AlreadyExists(v1::ERROR_REASON_GROUP_CODE_TAKEN,
                               "another group of this edition has the code; choose another");
  }
  return base::AlreadyExists("ID_TAKEN", "there is a group with this id; choose another");
}

absl::Status TakeChanges(const ChangeGroupInput& input, Group* group) {
  if (input.label) group->label = *input.label;
  if (input.job_code) group->job_code = *input.job_code;
  if (input.needs) group->needs = InOrder(*input.needs);
  if (input.coach) group->coach = *input.coach;
  if (input.coach_subject) group->coach_subject = *input.coach_subject;
  return SetLimits(input.min_members.value_or(group->min_members),
                   input.max_members.value_or(group->max_members), group);
}

absl::Status CheckHasCoach(const Group& group) {
  if (group.coach) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_CONSULTANT_MISSING,
                         "nobody leads the group; name its coach first");
}

// Another coach takes the time of what is planned, and expects the members.
absl::Status HandOver(ledger::UnitOfWork& work, const WholeGroup& whole) {
  for (const GroupSession& session : whole.sessions) {
    if (!session.planned()) continue;
    RETURN_IF_ERROR(TakeTime(work, whole.group, session));
  }
  for (const GroupSession& session : whole.sessions) {
    if (!session.planned()) continue;
    for (const GroupMember& member : whole.members) {
      if (!member.takes_part()) continue;
      MoveAppointment(work, AppointmentFor(session.appointment_seed, member.id, member.joins),
                      session.start, session.end, whole.group.coach);
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ledger::Done> FormGroup(ledger::UnitOfWork& work, const FormGroupInput& input) {
  const base::Uuid id = input.group_id.value_or(work.DeriveId("group"));
  work.Lock({id});
  if (work.Version(id) != 0) return Refused(GroupInserted::kIdTaken);
  Group group = NewGroup(input, id, work.now());
  RETURN_IF_ERROR(SetLimits(input.min_members, input.max_members, &group));
  ASSIGN_OR_RETURN(group.formed_day, StepDay(input.formed_day, work.now(), absl::CivilDay(1900),
                                             "group.formed_date"));
  ASSIGN_OR_RETURN(group.centre, base::ChosenCentre(work.scope(), input.centre, "group.centre"));
  const GroupInserted inserted = InsertGroup(work.tx(), group);
  if (inserted != GroupInserted::kYes) return Refused(inserted);
  auto event = EventOf<v1::GroupFormed>(group, work.now());
  event.set_formed_date(base::FormatDay(group.formed_day));
  Append(work, group, event);
  return DoneWith(group);
}

absl::StatusOr<ledger::Done> ChangeGroup(ledger::UnitOfWork& work, const ChangeGroupInput& input) {
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input.group));
  Group& group = whole.group;
  const Group before = group;
  ASSIGN_OR_RETURN(group.state, NextState(group.state, GroupStep::kUpdate));
  RETURN_IF_ERROR(TakeChanges(input, &group));
  if (group == before) return DoneWith(group);
  if (group.state != v1::GROUP_STATE_FORMING) RETURN_IF_ERROR(CheckHasCoach(group));
  RETURN_IF_ERROR(CheckPlaces(group, whole.places()));
  if (group.coach != before.coach) RETURN_IF_ERROR(HandOver(work, whole));
  Save(work, group);
  auto event = EventOf<v1::GroupChanged>(group, work.now());
  for (const std::string& path : input.changed_fields) event.add_changed_fields(path);
  if (before.coach) event.set_previous_coach_person_id(before.coach->ToString());
  Append(work, group, event);
  return DoneWith(group);
}

absl::StatusOr<ledger::Done> OpenGroup(ledger::UnitOfWork& work, const GroupInput& input) {
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input));
  Group& group = whole.group;
  ASSIGN_OR_RETURN(group.state, NextState(group.state, GroupStep::kOpen));
  RETURN_IF_ERROR(CheckHasCoach(group));
  ASSIGN_OR_RETURN(group.opened_day, DayOf(work, input, group.last_step_day(), "opened_date"));
  Save(work, group);
  auto event = EventOf<v1::GroupOpened>(group, work.now());
  event.set_opened_date(DayText(group.opened_day));
  event.set_planned_count(whole.planned());
  Append(work, group, event);
  for (const GroupMember& member : whole.members) Expect(work, whole, member);
  return DoneWith(group);
}

absl::StatusOr<ledger::Done> StartGroup(ledger::UnitOfWork& work, const GroupInput& input) {
  ASSIGN_OR_RETURN(WholeGroup whole, LockWhole(work, input));
  Group& group = whole.group;
  ASSIGN_OR_RETURN(group.state, NextState(group.state, GroupStep::kStart));
  RETURN_IF_ERROR(CheckEnough(group, whole.active()));
  if (whole.planned() == 0) {
    return base::Forbidden(v1::ERROR_REASON_GROUP_SESSION_STATE,
                           "no session is planned; plan them first");
  }
  ASSIGN_OR_RETURN(group.started_day, DayOf(work, input, group.last_step_day(), "started_date"));
  Save(work, group);
  auto event = EventOf<v1::GroupStarted>(group, work.now());
  event.set_started_date(DayText(group.started_day));
  event.set_active_count(whole.active());
  event.set_planned_count(whole.planned());
  Append(work, group, event);
  return DoneWith(group);
}

}  // namespace ieum::casemgmt
