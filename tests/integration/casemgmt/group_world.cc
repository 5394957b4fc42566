#include "tests/integration/casemgmt/group_world.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "services/casemgmt/groups/recurrence.h"
#include "services/casemgmt/references/consent_heard.h"

namespace ieum::casemgmt::testing {
namespace {

template <class Read>
void MustRead(db::Database& database, Read read) {
  const absl::Status status = database.Read("test_read", [&](db::Tx& tx) {
    read(tx);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace

base::Uuid Groups::NewPerson(bool consents) {
  const base::Uuid person = base::Uuid::NewV7();
  if (!consents) return person;
  const absl::Status kept = world_.database().Write("test_consent", [&](db::Tx& tx) {
    KeepConsent(tx, {.person = person,
                     .purpose = registry::v1::CONSENT_PURPOSE_COLLECTION,
                     .receiver = {},
                     .revision = 1,
                     .given = true,
                     .expires_at = {}});
    return absl::OkStatus();
  });
  EXPECT_TRUE(kept.ok()) << kept;
  return person;
}

absl::StatusOr<ledger::Answer> Groups::Form(const GroupWish& wish) {
  FormGroupInput input;
  input.code = wish.code;
  input.label = "같은 일을 하는 사람들";
  input.programme = "INC";
  input.edition = "2024";
  input.line_code = "INC-3";
  input.centre = wish.centre;
  input.job_code = "2511";
  input.needs = {"RF09"};
  input.coach = wish.coach;
  input.coach_subject = wish.coach_subject;
  input.maker_subject = wish.maker_subject;
  input.min_members = wish.min_members;
  input.max_members = wish.max_members;
  return world_.Do([&](auto& work) { return FormGroup(work, input); });
}

absl::StatusOr<ledger::Answer> Groups::Invite(const base::Uuid& group, const base::Uuid& person,
                                              Day day) {
  return world_.Do([&](auto& work) {
    return InviteMember(work, {.group = Of(group, day), .person = person, .member_id = {}});
  });
}

absl::StatusOr<ledger::Answer> Groups::Join(const base::Uuid& group, const base::Uuid& member,
                                            Day day) {
  return world_.Do(
      [&](auto& work) { return JoinMember(work, {.group = Of(group, day), .member_id = member}); });
}

absl::StatusOr<ledger::Answer> Groups::Leave(const base::Uuid& group, const base::Uuid& member,
                                             Day day) {
  return world_.Do([&](auto& work) {
    return LeaveMember(work, {.group = Of(group, day), .member_id = member},
                       v1::GROUP_LEAVE_REASON_WORK);
  });
}

absl::StatusOr<ledger::Answer> Groups::Plan(const base::Uuid& group, const std::string& rule,
                                            const std::string& start,
                                            const std::vector<std::string>& except) {
  std::vector<absl::CivilDay> days;
  for (const std::string& day : except) days.push_back(*base::ParseDay(day, "day"));
  const auto starts = Occurrences(rule, Korea(start), days, kGroupSessionsMax);
  EXPECT_TRUE(starts.ok()) << starts.status();
  return world_.Do([&](auto& work) {
    return PlanGroupSessions(
        work,
        {.group = Of(group), .starts = *starts, .length = absl::Minutes(90), .place = "교육장"});
  });
}

absl::StatusOr<ledger::Answer> Groups::Open(const base::Uuid& group) {
  return world_.Do([&](auto& work) { return OpenGroup(work, Of(group)); });
}

absl::StatusOr<ledger::Answer> Groups::Start(const base::Uuid& group) {
  return world_.Do([&](auto& work) { return StartGroup(work, Of(group)); });
}

absl::StatusOr<ledger::Answer> Groups::Complete(const base::Uuid& group, Day day) {
  return world_.Do([&](auto& work) { return CompleteGroup(work, Of(group, day)); });
}

absl::StatusOr<ledger::Answer> Groups::Cancel(const base::Uuid& group, Day day) {
  return world_.Do([&](auto& work) {
    return CancelGroup(work, Of(group, day), v1::GROUP_CANCEL_REASON_TOO_FEW);
  });
}

absl::StatusOr<ledger::Answer> Groups::Merge(const base::Uuid& group, const base::Uuid& into) {
  return world_.Do([&](auto& work) { return MergeGroup(work, Of(group), into); });
}

absl::StatusOr<ledger::Answer> Groups::Move(const base::Uuid& group, const base::Uuid& session,
                                            const std::string& start) {
  return world_.Do([&](auto& work) {
    return MoveGroupSession(work, {.group = Of(group), .session_id = session}, Korea(start),
                            std::nullopt);
  });
}

absl::StatusOr<ledger::Answer> Groups::CancelSession(const base::Uuid& group,
                                                     const base::Uuid& session) {
  return world_.Do([&](auto& work) {
    return CancelGroupSession(work, {.group = Of(group), .session_id = session},
                              v1::GROUP_SESSION_CANCEL_REASON_COACH);
  });
}

absl::StatusOr<ledger::Answer> Groups::Hold(const base::Uuid& group, const base::Uuid& session,
                                            const Attendances& attendances) {
  std::vector<AttendanceSaid> said;
  for (const base::Uuid& member : Members(group)) {
    const auto other = attendances.find(member);
    if (!Member(group, member).member.takes_part() && other == attendances.end()) continue;
    said.push_back(
        {.member_id = member, .state = other == attendances.end() ? kCame : other->second});
  }
  return world_.Do([&](auto& work) {
    return HoldGroupSession(work, {.group = Of(group), .session_id = session}, said);
  });
}

absl::StatusOr<ledger::Answer> Groups::TakeBack(const base::Uuid& group,
                                                const base::Uuid& session) {
  return world_.Do([&](auto& work) {
    return RetractGroupSession(work, {.group = Of(group), .session_id = session},
                               v1::SESSION_CORRECTION_WRONG_SESSION);
  });
}

absl::StatusOr<ledger::Answer> Groups::Record(const base::Uuid& group, const base::Uuid& session,
                                              const base::Uuid& member,
                                              v1::GroupAttendanceState state) {
  return world_.Do([&](auto& work) {
    return RecordGroupAttendance(work, {.group = Of(group), .session_id = session},
                                 {.member_id = member, .state = state});
  });
}

absl::StatusOr<ledger::Answer> Groups::Log(const base::Uuid& group, const base::Uuid& session,
                                           const std::string& text, bool take_out_earlier) {
  return world_.Do([&](auto& work) {
    return RecordGroupLog(work, keys_,
                          {.session = {.group = Of(group), .session_id = session},
                           .text = text,
                           .take_out_earlier = take_out_earlier});
  });
}

base::Uuid Groups::Joined(const base::Uuid& group, const base::Uuid& person) {
  const base::Uuid member = IdOf(Invite(group, person));
  IdOf(Join(group, member));
  return member;
}

base::Uuid Groups::Running(int members, int sessions, const std::string& start,
                           const GroupWish& wish) {
  const base::Uuid group = Formed(wish);
  for (int at = 0; at < members; ++at) Joined(group);
  IdOf(Plan(group, absl::StrCat("FREQ=WEEKLY;COUNT=", sessions), start));
  IdOf(Open(group));
  IdOf(Start(group));
  return group;
}

void Groups::Held(const base::Uuid& group, const base::Uuid& session,
                  const Attendances& attendances) {
  for (const GroupSession& each : Sessions(group)) {
    if (each.id != session) continue;
    world_.SetClock(absl::FormatTime("%Y-%m-%d %H:%M", each.end, base::Korea()));
  }
  const auto held = Hold(group, session, attendances);
  EXPECT_TRUE(held.ok()) << held.status();
}

GroupView Groups::View(const base::Uuid& group) {
  std::optional<GroupView> view;
  MustRead(world_.database(),
           [&](db::Tx& tx) { view = ReadGroup(tx, Reach::Everything(), group); });
  EXPECT_TRUE(view.has_value());
  return view.value_or(GroupView());
}

GroupMemberView Groups::Member(const base::Uuid& group, const base::Uuid& member) {
  std::optional<GroupMemberView> view;
  MustRead(world_.database(),
           [&](db::Tx& tx) { view = ReadGroupMember(tx, Reach::Everything(), group, member); });
  EXPECT_TRUE(view.has_value());
  return view.value_or(GroupMemberView());
}

std::vector<base::Uuid> Groups::Members(const base::Uuid& group) {
  std::vector<base::Uuid> ids;
  MustRead(world_.database(), [&](db::Tx& tx) {
    ids.clear();
    for (const GroupMember& member : GroupMembersOf(tx, group)) ids.push_back(member.id);
  });
  return ids;
}

std::vector<GroupSession> Groups::Sessions(const base::Uuid& group) {
  std::vector<GroupSession> sessions;
  MustRead(world_.database(), [&](db::Tx& tx) { sessions = GroupSessionsOf(tx, group); });
  return sessions;
}

int Groups::Count(const base::Uuid& group, const std::string& type) {
  int count = 0;
  for (const Told& told : world_.EventsOf(group)) count += told.type == type;
  return count;
}

std::string Groups::AppointmentsOf(const base::Uuid& person) {
  std::map<std::string, int> counts;
  const int states = v1::AppointmentState_MAX;
  for (int state = 1; state <= states; ++state) {
    const std::string count =
        world_.Ask(absl::StrCat("SELECT count(*) FROM appointment WHERE person_id = '",
                                person.ToString(), "' AND state = ", state));
    if (count != "0") {
      counts[v1::AppointmentState_Name(static_cast<v1::AppointmentState>(state)).substr(18)] =
          std::stoi(count);
    }
  }
  std::string told;
  for (const auto& [state, count] : counts) {
    absl::StrAppend(&told, told.empty() ? "" : " ", state, ":", count);
  }
  return told;
}

}  // namespace ieum::casemgmt::testing
