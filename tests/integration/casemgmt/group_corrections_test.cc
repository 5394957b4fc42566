// Goal: what was recorded of a peer group by mistake is put right as a whole, or refused with what
// would be right, and nothing counts that did not take place. Method: use cases through the ledger
// on a real database; records as a reader of events alone knows them. row:C8
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/integration/casemgmt/group_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::HasSubstr;

class GroupCorrections : public ::testing::Test {
 protected:
  // Refused with this reason, and nothing was written.
  template <class F>
  void ExpectRefused(const std::string& reason, F ask) {
    const int64_t before = world_.EventCount();
    EXPECT_EQ(Reason(ask()), reason);
    EXPECT_EQ(world_.EventCount(), before);
  }
  base::Uuid PersonOf(const base::Uuid& group, const base::Uuid& member) {
    return *groups_.Member(group, member).member.person;
  }

  // Who came and which sessions were held, as indicators count them: by record and by session.
  struct Counted {
    std::set<std::string> participants, sessions;
    size_t records = 0;
  };
  Counted Count(const base::Uuid& group) {
    std::map<std::string, std::string> came;  // by record
    std::set<std::string> records;
    Counted counted;
    const auto take = [&](const auto& event) {
      EXPECT_TRUE(records.insert(event.record_id()).second) << "a record id twice";
      if (event.attendance() == kCame) came[event.record_id()] = event.member().participant_id();
    };
    for (const Told& told : world_.EventsOf(group)) {
      if (told.type == "GroupAttendanceRecorded") {
        take(told.As<v1::GroupAttendanceRecorded>());
      } else if (told.type == "GroupAttendanceCorrected") {
        came.erase(told.As<v1::GroupAttendanceCorrected>().previous_record_id());
        take(told.As<v1::GroupAttendanceCorrected>());
      } else if (told.type == "GroupAttendanceRetracted") {
        EXPECT_EQ(records.count(told.As<v1::GroupAttendanceRetracted>().previous_record_id()), 1u);
        came.erase(told.As<v1::GroupAttendanceRetracted>().previous_record_id());
      } else if (told.type == "GroupSessionHeld") {
        counted.sessions.insert(told.As<v1::GroupSessionHeld>().session().session_id());
      } else if (told.type == "GroupSessionRetracted") {
        counted.sessions.erase(told.As<v1::GroupSessionRetracted>().session().session_id());
      }
    }
    for (const auto& [record, participant] : came) counted.participants.insert(participant);
    counted.records = came.size();
    return counted;
  }

  World world_{"2024-06-20 09:00"};
  Groups groups_{world_};
};

// She was there from the first session to the second, and again from the fourth on.
TEST_F(GroupCorrections, ReachEitherTimeOfWhoLeftAndCameAgainAndNotBetweenThem) {
  const base::Uuid group = groups_.Running(3, 6, "2024-06-24 19:00");
  const base::Uuid member = groups_.Members(group)[0];
  const base::Uuid person = PersonOf(group, member);
  groups_.Held(group, groups_.Session(group, 0), {{member, kMissed}});
  groups_.Held(group, groups_.Session(group, 1));
  world_.SetClock("2024-07-03 10:00");
  IdOf(groups_.Leave(group, member));
  groups_.Held(group, groups_.Session(group, 2));
  world_.SetClock("2024-07-12 10:00");
  ExpectRefused("DATE_ORDER",
                [&] { return groups_.Invite(group, person, absl::CivilDay(2024, 7, 2)); });
  EXPECT_EQ(IdOf(groups_.Invite(group, person)), member);
  EXPECT_EQ(Reason(groups_.Record(group, groups_.Session(group, 0), member, kExcused)), "")
      << "while she is asked again, too";
  IdOf(groups_.Join(group, member));
  groups_.Held(group, groups_.Session(group, 3), {{member, kMissed}});
  EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:2 CANCELLED:4 KEPT:1 MISSED:2");

  IdOf(groups_.Record(group, groups_.Session(group, 0), member, kCame));
  EXPECT_EQ(groups_.Last<v1::GroupAttendanceCorrected>(group).previous_attendance(), kExcused);
  EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:2 CANCELLED:4 KEPT:2 MISSED:1")
      << "her appointment of the first time";
  ExpectRefused("MEMBER_STATE",
                [&] { return groups_.Record(group, groups_.Session(group, 2), member, kCame); });
  IdOf(groups_.Record(group, groups_.Session(group, 3), member, kCame));
  EXPECT_EQ(groups_.Member(group, member).attended, (Attended{3, 4}));
  EXPECT_EQ(world_.Ask("SELECT string_agg(joins || ' ' || join_date || ' ' || leave_date, ',') "
                       "FROM group_member_time"),
            "1 2024-06-20 2024-07-03");
  // Of who was there before anybody knew it, too: joined on the day of the first session, entered
  // later, gone and come again.
  const base::Uuid late =
      IdOf(groups_.Invite(group, groups_.NewPerson(), absl::CivilDay(2024, 6, 22)));
  IdOf(groups_.Join(group, late, absl::CivilDay(2024, 6, 24)));
  IdOf(groups_.Leave(group, late, absl::CivilDay(2024, 6, 30)));
  IdOf(groups_.Invite(group, PersonOf(group, late)));
  IdOf(groups_.Join(group, late));
  IdOf(groups_.Record(group, groups_.Session(group, 0), late, kCame));
  ExpectRefused("MEMBER_STATE",
                [&] { return groups_.Record(group, groups_.Session(group, 1), late, kCame); });
  // She turned out to have left before the fourth: what stands of it can be put right.
  IdOf(groups_.Leave(group, member, absl::CivilDay(2024, 7, 14)));
  IdOf(groups_.Record(group, groups_.Session(group, 3), member, kMissed));
}

TEST_F(GroupCorrections, TakeASessionBackWithEverythingThatItCounted) {
  const base::Uuid group = groups_.Running(3, 4, "2024-06-24 19:00");
  const auto members = groups_.Members(group);
  const base::Uuid absent = members[0], gone = members[2];
  const base::Uuid first = groups_.Session(group, 0), second = groups_.Session(group, 1);
  groups_.Held(group, first, {{absent, kMissed}});
  groups_.Held(group, second, {{absent, kMissed}});
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 1);
  world_.SetClock("2024-07-03 10:00");
  IdOf(groups_.Leave(group, gone));
  const base::Uuid person = PersonOf(group, gone);
  EXPECT_EQ(groups_.AppointmentsOf(person), "CANCELLED:2 KEPT:2");

  IdOf(groups_.TakeBack(group, second));
  const auto told = groups_.Last<v1::GroupSessionRetracted>(group);
  EXPECT_EQ(told.session().session_id(), second.ToString());
  EXPECT_EQ(told.session().session_date(), "2024-07-01");
  EXPECT_EQ(told.session().state(), v1::GROUP_SESSION_STATE_PLANNED);
  EXPECT_EQ(told.retracted_count(), 3);
  EXPECT_EQ(groups_.Count(group, "GroupAttendanceRetracted"), 3);
  EXPECT_EQ(Count(group).sessions.size(), 1u);
  EXPECT_EQ(Count(group).records, 2u);
  EXPECT_EQ(groups_.Member(group, absent).attended, (Attended{0, 1}));
  EXPECT_EQ(groups_.View(group).counts.held_sessions, 1);
  EXPECT_EQ(groups_.AppointmentsOf(person), "CANCELLED:3 KEPT:1") << "nothing more is said of her";
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consultant_hours"), "4") << "it is planned again";
  ExpectRefused("GROUP_SESSION_STATE", [&] { return groups_.TakeBack(group, second); });
  ExpectRefused("GROUP_SESSION_STATE",
                [&] { return groups_.Record(group, second, absent, kCame); });
  ExpectRefused("GROUP_ATTENDANCE_MISSING", [&] { return groups_.Complete(group); });
  ExpectRefused("NOT_FOUND", [&] { return groups_.TakeBack(group, base::Uuid::NewV7()); });

  // Held anew, it counts anew, under records of their own. Who left since was there then.
  IdOf(groups_.Hold(group, second, {{absent, kMissed}, {gone, kCame}}));
  EXPECT_EQ(Count(group).sessions.size(), 2u);
  EXPECT_EQ(Count(group).records, 4u);
  EXPECT_EQ(Count(group).participants.size(), 2u);
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 2) << "one absence alone was no run";
  // What was to be the first did not take place at all.
  IdOf(groups_.TakeBack(group, first));
  IdOf(groups_.CancelSession(group, first));
  for (const size_t at : {2, 3}) groups_.Held(group, groups_.Session(group, at));
  IdOf(groups_.Complete(group));
  EXPECT_EQ(Count(group).sessions.size(), 3u);
  EXPECT_EQ(groups_.Member(group, absent).attended, (Attended{2, 3}));
  EXPECT_EQ(groups_.Last<v1::GroupCompleted>(group).held_count(), 3);
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT state::text, ' ' ORDER BY state::text) FROM "
                       "group_attendance WHERE session_id = '" +
                       first.ToString() + "'"),
            "0 4")
      << "cancelled for those who take part, not known of who is gone";
  const auto refused = groups_.TakeBack(group, second);
  EXPECT_EQ(Reason(refused), "GROUP_STATE");
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("correct who came"));
}

TEST_F(GroupCorrections, TellOfARunThatIsOneOnceASessionBetweenIsTakenBack) {
  const base::Uuid group = groups_.Running(2, 3, "2024-06-24 19:00");
  const base::Uuid member = groups_.Members(group)[0];
  groups_.Held(group, groups_.Session(group, 0), {{member, kMissed}});
  groups_.Held(group, groups_.Session(group, 1));
  groups_.Held(group, groups_.Session(group, 2), {{member, kExcused}});
  EXPECT_EQ(groups_.Count(group, "GroupAbsencesRepeated"), 0);
  IdOf(groups_.TakeBack(group, groups_.Session(group, 1)));
  const auto told = groups_.Last<v1::GroupAbsencesRepeated>(group);
  EXPECT_EQ(told.absence_count(), 2);
  EXPECT_EQ(told.member().member_id(), member.ToString());
  EXPECT_EQ(told.session().session_date(), "2024-07-08");
}

TEST_F(GroupCorrections, HaveNoSessionTwiceAtOneTimeNorAnEndBeforeWhatTookPlace) {
  const base::Uuid group = groups_.Formed({.coach = std::nullopt});
  IdOf(groups_.Plan(group, "FREQ=WEEKLY;COUNT=3", "2024-12-23 19:00"));
  ExpectRefused("GROUP_SESSION_OVERLAPS",
                [&] { return groups_.Plan(group, "FREQ=DAILY;COUNT=9", "2024-12-29 20:00"); });
  ExpectRefused("GROUP_SESSION_OVERLAPS",
                [&] { return groups_.Move(group, groups_.Session(group, 0), "2025-01-06 17:31"); });
  IdOf(groups_.Move(group, groups_.Session(group, 0), "2025-01-06 17:30"));
  EXPECT_EQ(groups_.Sessions(group)[1].day(), absl::CivilDay(2025, 1, 6));

  const base::Uuid other = groups_.Running(2, 1, "2024-06-24 19:00");
  groups_.Held(other, groups_.Session(other, 0));
  world_.SetClock("2024-07-03 10:00");
  ExpectRefused("DATE_ORDER", [&] { return groups_.Cancel(other, absl::CivilDay(2024, 6, 23)); });
  groups_.Joined(other);
  ExpectRefused("DATE_ORDER", [&] { return groups_.Complete(other, absl::CivilDay(2024, 7, 2)); });
  IdOf(groups_.Complete(other, absl::CivilDay(2024, 7, 3)));
}

}  // namespace
}  // namespace ieum::casemgmt::testing
