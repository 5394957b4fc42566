// Goal: who came and who completed a peer group is counted exactly, whatever is corrected, merged
// or erased, and the coach hears of repeated absences once. Method: use cases through the ledger on
// a real database. row:C8 row:C7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/group_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class GroupResults : public ::testing::Test {
 protected:
  base::Uuid PersonOf(const base::Uuid& group, const base::Uuid& member) {
    return *groups_.Member(group, member).member.person;
  }
  v1::GroupMemberState StateOf(const base::Uuid& group, const base::Uuid& member) {
    return groups_.Member(group, member).member.state;
  }
  // All sessions, with what this member did in each: P, E or U; everybody else came.
  void HoldAll(const base::Uuid& group, const base::Uuid& member, const std::string& word) {
    for (size_t at = 0; at < word.size(); ++at) {
      const auto state = word[at] == 'P' ? kCame : word[at] == 'E' ? kExcused : kMissed;
      groups_.Held(group, groups_.Session(group, at), {{member, state}});
    }
  }
  void Erase(const base::Uuid& person) {
    world_.Ask(
        "INSERT INTO person_erasure (person_id, erasure_id, erased_at, key_destroyed) VALUES ('" +
        person.ToString() + "', gen_random_uuid(), now(), false) RETURNING 1");
    registry::v1::PersonErased erased;
    erased.set_person_id(person.ToString());
    erased.set_erasure_id(base::Uuid::NewV7().ToString());
    const absl::Status heard = world_.Hear(erased, person, 9);
    EXPECT_TRUE(heard.ok()) << heard;
  }

  World world_{"2024-06-20 09:00"};
  Groups groups_{world_};
};

TEST_F(GroupResults, TellTheCoachOnceOfTwoAbsencesInARow) {
  const base::Uuid group = groups_.Running(2, 7, "2024-06-24 19:00");
  const base::Uuid member = groups_.Members(group)[0];
  HoldAll(group, member, "PU");
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 0);
  EXPECT_EQ(groups_.Member(group, member).absences_in_a_row, 1);
  groups_.Held(group, groups_.Session(group, 2), {{member, kExcused}});
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 1);
  const auto told = groups_.Last<v1::GroupAbsencesRepeated>(group);
  EXPECT_EQ(told.absence_count(), 2);
  EXPECT_EQ(told.member().member_id(), member.ToString());
  EXPECT_EQ(told.group().coach_person_id(), groups_.View(group).group.coach->ToString());
  groups_.Held(group, groups_.Session(group, 3), {{member, kMissed}});
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 1) << "the run grows";
  EXPECT_EQ(groups_.Member(group, member).absences_in_a_row, 3);
  // A correction ends the run, and another one makes it whole again: it was told.
  IdOf(groups_.Record(group, groups_.Session(group, 3), member, kCame));
  EXPECT_EQ(groups_.Member(group, member).absences_in_a_row, 0);
  IdOf(groups_.Record(group, groups_.Session(group, 3), member, kMissed));
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 1);
  groups_.Held(group, groups_.Session(group, 4));
  groups_.Held(group, groups_.Session(group, 5), {{member, kMissed}});
  groups_.Held(group, groups_.Session(group, 6), {{member, kMissed}});
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 2) << "another run";
}

TEST_F(GroupResults, PassOverASessionThatWasCancelled) {
  const base::Uuid group = groups_.Running(2, 6, "2024-06-24 19:00");
  const base::Uuid member = groups_.Members(group)[0];
  groups_.Held(group, groups_.Session(group, 0), {{member, kMissed}});
  IdOf(groups_.CancelSession(group, groups_.Session(group, 1)));
  for (const size_t at : {2, 3, 4, 5}) groups_.Held(group, groups_.Session(group, at));
  EXPECT_EQ(groups_.Member(group, member).attended, (Attended{4, 5}));
  IdOf(groups_.Complete(group));
  EXPECT_EQ(StateOf(group, member), v1::GROUP_MEMBER_STATE_COMPLETED) << "four of five held";
}

TEST_F(GroupResults, AskLateJoinersForTheEarlierSessions) {
  const base::Uuid group = groups_.Running(2, 5, "2024-06-24 19:00");
  groups_.Held(group, groups_.Session(group, 0));
  const base::Uuid late = groups_.Joined(group);
  groups_.Held(group, groups_.Session(group, 1));
  const base::Uuid later = groups_.Joined(group);
  for (const size_t at : {2, 3, 4}) groups_.Held(group, groups_.Session(group, at));
  IdOf(groups_.Complete(group));
  EXPECT_EQ(StateOf(group, late), v1::GROUP_MEMBER_STATE_COMPLETED) << "4 of 5";
  EXPECT_EQ(StateOf(group, later), v1::GROUP_MEMBER_STATE_LEFT) << "3 of 5";
  EXPECT_EQ(groups_.Member(group, later).attended, (Attended{3, 5}));
}

TEST_F(GroupResults, OfACompletedGroupFollowACorrection) {
  const base::Uuid group = groups_.Running(2, 5, "2024-06-24 19:00");
  const base::Uuid member = groups_.Members(group)[0];
  HoldAll(group, member, "PPPUU");
  IdOf(groups_.Complete(group));
  EXPECT_EQ(StateOf(group, member), v1::GROUP_MEMBER_STATE_LEFT);
  world_.SetClock("2024-08-20 10:00");
  IdOf(groups_.Record(group, groups_.Session(group, 4), member, kCame));
  EXPECT_EQ(StateOf(group, member), v1::GROUP_MEMBER_STATE_COMPLETED);
  const auto completed = groups_.Last<v1::GroupMemberCompleted>(group);
  EXPECT_EQ(completed.attended_count(), 4);
  EXPECT_EQ(completed.completed_date(), "2024-07-22") << "the group's last day";
  const auto corrected = groups_.Last<v1::GroupAttendanceCorrected>(group);
  EXPECT_EQ(corrected.previous_attendance(), kMissed);
  EXPECT_EQ(corrected.attendance(), kCame);
  EXPECT_NE(corrected.previous_record_id(), corrected.record_id());
  IdOf(groups_.Record(group, groups_.Session(group, 0), member, kExcused));
  EXPECT_EQ(StateOf(group, member), v1::GROUP_MEMBER_STATE_LEFT);
  EXPECT_EQ(groups_.Count(group, "GroupMemberCompletionRetracted"), 1);
  const int64_t before = world_.EventCount();
  IdOf(groups_.Record(group, groups_.Session(group, 0), member, kExcused));
  EXPECT_EQ(world_.EventCount(), before) << "what is recorded so changes nothing";
  EXPECT_EQ(world_.Ask("SELECT string_agg(state::text, ' ' ORDER BY r.revision) FROM "
                       "group_attendance_record r WHERE attendance_id IN (SELECT id FROM "
                       "group_attendance WHERE revision = 2 AND state = 2)"),
            "1 2")
      << "what it corrects is kept";
}

TEST_F(GroupResults, RefuseAWordOnWhoDidNotTakePartThen) {
  const base::Uuid group = groups_.Running(2, 2, "2024-06-24 19:00");
  groups_.Held(group, groups_.Session(group, 0));
  world_.SetClock("2024-06-26 09:00");
  const base::Uuid late = groups_.Joined(group);
  EXPECT_EQ(Reason(groups_.Record(group, groups_.Session(group, 0), late, kCame)), "MEMBER_STATE");
  EXPECT_EQ(Reason(groups_.Record(group, groups_.Session(group, 1), late, kCame)),
            "GROUP_SESSION_STATE");
  EXPECT_EQ(Reason(groups_.Record(group, groups_.Session(group, 0), base::Uuid::NewV7(), kCame)),
            "NOT_FOUND");
}

TEST_F(GroupResults, GoOverWithAMerge) {
  const base::Uuid into = groups_.Running(2, 5, "2024-06-24 19:00");
  const base::Uuid from = groups_.Running(3, 5, "2024-06-25 19:00");
  const base::Uuid absent = groups_.Members(from)[0], both = groups_.Members(from)[1];
  const base::Uuid there = groups_.Joined(into, PersonOf(from, both));
  for (const size_t at : {0, 1}) {
    groups_.Held(into, groups_.Session(into, at));
    groups_.Held(from, groups_.Session(from, at), {{absent, kMissed}});
  }
  const base::Uuid person = PersonOf(from, absent);
  IdOf(groups_.Merge(from, into));
  const GroupView ended = groups_.View(from);
  EXPECT_EQ(ended.group.state, v1::GROUP_STATE_MERGED);
  EXPECT_EQ(ended.group.merged_into, into);
  EXPECT_EQ(ended.counts.cancelled_sessions, 3);
  EXPECT_EQ(groups_.Last<v1::GroupMerged>(from).moved_count(), 2) << "one was in both";
  EXPECT_EQ(groups_.View(into).counts.active, 5);
  EXPECT_EQ(groups_.Member(into, there).member.from_group, std::nullopt);
  for (const size_t at : {2, 3, 4}) groups_.Held(into, groups_.Session(into, at));
  base::Uuid moved;
  for (const base::Uuid& member : groups_.Members(into)) {
    if (groups_.Member(into, member).member.person == person) moved = member;
  }
  EXPECT_EQ(groups_.Member(into, moved).member.from_group, from);
  EXPECT_EQ(groups_.Member(into, moved).attended, (Attended{3, 5})) << "0 of 2 there, 3 of 3 here";
  EXPECT_EQ(groups_.Member(into, moved).member.participant,
            groups_.Member(from, absent).member.participant);
  EXPECT_EQ(groups_.AppointmentsOf(person), "CANCELLED:3 KEPT:3 MISSED:2");
  IdOf(groups_.Complete(into));
  EXPECT_EQ(StateOf(into, moved), v1::GROUP_MEMBER_STATE_LEFT);
  EXPECT_EQ(groups_.Last<v1::GroupCompleted>(into).completed_count(), 4);
}

TEST_F(GroupResults, DoNotGoOverIntoAFullEndedOrOtherGroup) {
  const base::Uuid from = groups_.Running(3, 2, "2024-06-24 19:00");
  const base::Uuid full = groups_.Running(2, 2, "2024-06-24 19:00", {.max_members = 4});
  const base::Uuid over = groups_.Formed();
  IdOf(groups_.Cancel(over));
  const base::Uuid elsewhere = groups_.Formed({.centre = base::Uuid::NewV7()});
  const int64_t before = world_.EventCount();
  EXPECT_EQ(Reason(groups_.Merge(from, full)), "GROUP_FULL");
  EXPECT_EQ(Reason(groups_.Merge(from, over)), "GROUP_STATE");
  EXPECT_EQ(Reason(groups_.Merge(from, elsewhere)), "GROUPS_DIFFER");
  EXPECT_EQ(Reason(groups_.Merge(from, from)), "GROUPS_DIFFER");
  EXPECT_EQ(Reason(groups_.Merge(from, base::Uuid::NewV7())), "NOT_FOUND");
  EXPECT_EQ(world_.EventCount(), before);
  EXPECT_EQ(groups_.View(from).counts.active, 3);
}

// law:L14 law:L15
TEST_F(GroupResults, KeepCountingWhoWasErased) {
  const base::Uuid group = groups_.Running(3, 3, "2024-06-24 19:00");
  const base::Uuid gone = groups_.Members(group)[0], done = groups_.Members(group)[1];
  const base::Uuid person = PersonOf(group, gone), completer = PersonOf(group, done);
  groups_.Held(group, groups_.Session(group, 0));
  const base::Uuid token = groups_.Member(group, gone).member.participant;
  Erase(person);
  const GroupMemberView left = groups_.Member(group, gone);
  EXPECT_EQ(left.member.person, std::nullopt);
  EXPECT_EQ(left.member.participant, token) << "figures go on counting her";
  EXPECT_EQ(left.member.state, v1::GROUP_MEMBER_STATE_LEFT);
  EXPECT_EQ(left.member.leave_reason, v1::GROUP_LEAVE_REASON_ERASED);
  EXPECT_EQ(left.attended, (Attended{1, 1}));
  EXPECT_EQ(Reason(groups_.Invite(group, person)), "PERSON_ERASED");
  for (const size_t at : {1, 2}) groups_.Held(group, groups_.Session(group, at));
  IdOf(groups_.Complete(group));
  Erase(completer);
  EXPECT_EQ(groups_.Member(group, done).member.person, std::nullopt);
  EXPECT_EQ(StateOf(group, done), v1::GROUP_MEMBER_STATE_COMPLETED);
  EXPECT_EQ(groups_.View(group).counts.completed, 2);
  EXPECT_EQ(world_.Ask(absl::StrCat("SELECT count(*) FROM group_member WHERE person_id IN ('",
                                    person.ToString(), "', '", completer.ToString(), "')")),
            "0");
}

TEST_F(GroupResults, KnowAPersonUnderAllHerIds) {
  const base::Uuid group = groups_.Formed();
  const base::Uuid survivor = groups_.NewPerson(), duplicate = groups_.NewPerson();
  const base::Uuid member = groups_.Joined(group, duplicate);
  registry::v1::PersonsMerged merged;
  merged.set_merge_id(base::Uuid::NewV7().ToString());
  merged.set_survivor_person_id(survivor.ToString());
  merged.set_duplicate_person_id(duplicate.ToString());
  ASSERT_TRUE(world_.Hear(merged, base::Uuid::NewV7(), 2).ok());
  EXPECT_EQ(Reason(groups_.Invite(group, survivor)), "MEMBER_LISTED_ALREADY");
  EXPECT_EQ(groups_.Member(group, member).survivor, survivor);
  EXPECT_EQ(PersonOf(group, member), duplicate) << "an undone merge leaves nothing behind";
}

TEST_F(GroupResults, AreWrittenDownUnderSealAndNameNobody) {
  const base::Uuid group = groups_.Running(2, 2, "2024-06-24 19:00");
  const base::Uuid session = groups_.Session(group, 0);
  EXPECT_EQ(Reason(groups_.Log(group, session, "too early")), "GROUP_SESSION_STATE");
  groups_.Held(group, session);
  const auto first = groups_.Log(group, session, "planted words of the coach");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->name, GroupLogName(group, session, 1));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM group_log WHERE position('planted'::bytea in words) "
                       "> 0"),
            "0");
  ASSERT_TRUE(groups_.Log(group, session, "without the slip", true).ok());
  EXPECT_EQ(world_.Ask("SELECT string_agg(revision || ':' || (words IS NOT NULL), ' ' ORDER BY "
                       "revision) FROM group_log"),
            "1:false 2:true")
      << "words that named somebody are gone for ever";
  const auto told = groups_.Last<v1::GroupLogRecorded>(group);
  EXPECT_EQ(told.revision(), 2);
  for (const Told& each : world_.EventsOf(group)) {
    EXPECT_THAT(each.payload, Not(HasSubstr("slip")));
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
