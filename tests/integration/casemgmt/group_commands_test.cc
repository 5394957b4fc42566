// Goal: a peer group is led from the first idea to its last session, each step is told once, and a
// refused one leaves nothing. Method: use cases through the ledger on a real database. row:C8
// row:C7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/integration/casemgmt/group_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class PeerGroup : public ::testing::Test {
 protected:
  // Refused with this reason, and nothing was written.
  template <class F>
  void ExpectRefused(const std::string& reason, F ask) {
    const int64_t before = world_.EventCount();
    EXPECT_EQ(Reason(ask()), reason);
    EXPECT_EQ(world_.EventCount(), before);
  }
  std::vector<std::string> TypesOf(const base::Uuid& group) {
    std::vector<std::string> types;
    for (const Told& told : world_.EventsOf(group)) types.push_back(told.type);
    return types;
  }
  base::Uuid PersonOf(const base::Uuid& group, const base::Uuid& member) {
    return *groups_.Member(group, member).member.person;
  }

  World world_{"2024-06-20 09:00"};
  Groups groups_{world_};
};

TEST_F(PeerGroup, GoesFromItsFirstIdeaToItsLastSession) {
  const base::Uuid group = groups_.Formed();
  const base::Uuid one = groups_.Joined(group), two = groups_.Joined(group);
  IdOf(groups_.Plan(group, "FREQ=WEEKLY;COUNT=2", "2024-06-24 19:00"));
  IdOf(groups_.Open(group));
  IdOf(groups_.Start(group));
  groups_.Held(group, groups_.Session(group, 0));
  groups_.Held(group, groups_.Session(group, 1), {{two, kMissed}});
  IdOf(groups_.Complete(group));
  EXPECT_THAT(
      TypesOf(group),
      ElementsAre("GroupFormed", "GroupMemberInvited", "GroupMemberJoined", "GroupMemberInvited",
                  "GroupMemberJoined", "GroupSessionPlanned", "GroupSessionPlanned", "GroupOpened",
                  "GroupStarted", "GroupAttendanceRecorded", "GroupAttendanceRecorded",
                  "GroupSessionHeld", "GroupAttendanceRecorded", "GroupAttendanceRecorded",
                  "GroupSessionHeld", ::testing::_, ::testing::_, "GroupCompleted"));
  const GroupView view = groups_.View(group);
  EXPECT_EQ(view.group.state, v1::GROUP_STATE_COMPLETED);
  EXPECT_EQ(view.counts.completed, 1);
  EXPECT_EQ(view.counts.held_sessions, 2);
  EXPECT_EQ(groups_.Member(group, one).member.state, v1::GROUP_MEMBER_STATE_COMPLETED);
  EXPECT_EQ(groups_.Member(group, one).attended, (Attended{2, 2}));
  EXPECT_EQ(groups_.Member(group, two).member.leave_reason, v1::GROUP_LEAVE_REASON_NOT_COMPLETED);
  const auto completed = groups_.Last<v1::GroupCompleted>(group);
  EXPECT_EQ(completed.member_count(), 2);
  EXPECT_EQ(completed.completed_count(), 1);
  EXPECT_EQ(completed.completed_date(), "2024-07-01");
}

TEST_F(PeerGroup, TellsCodesAndTokensAndNobodysId) {
  const base::Uuid group = groups_.Running(2, 2, "2024-06-24 19:00");
  std::vector<std::string> people;
  for (const base::Uuid& member : groups_.Members(group)) {
    people.push_back(PersonOf(group, member).ToString());
  }
  groups_.Held(group, groups_.Session(group, 0), {{groups_.Members(group)[0], kMissed}});
  groups_.Held(group, groups_.Session(group, 1), {{groups_.Members(group)[0], kMissed}});
  IdOf(groups_.Complete(group));
  for (const Told& told : world_.EventsOf(group)) {
    for (const std::string& person : people) {
      EXPECT_THAT(told.payload, Not(HasSubstr(person))) << told.type;
    }
    EXPECT_THAT(told.payload, Not(HasSubstr("같은 일"))) << "the label is no code";
  }
  const auto recorded = groups_.Last<v1::GroupAttendanceRecorded>(group);
  EXPECT_EQ(recorded.group().programme(), "INC");
  EXPECT_EQ(recorded.session().session_date(), "2024-07-01");
  EXPECT_EQ(recorded.event_date(), "2024-07-01");
}

TEST_F(PeerGroup, OpensWithACoachAndMeetsWithEnoughAndSomethingPlanned) {
  const base::Uuid led_by_nobody = groups_.Formed({.coach = std::nullopt});
  ExpectRefused("CONSULTANT_MISSING", [&] { return groups_.Open(led_by_nobody); });
  const base::Uuid group = groups_.Formed({.min_members = 3});
  ExpectRefused("GROUP_STATE", [&] { return groups_.Start(group); });
  IdOf(groups_.Open(group));
  groups_.Joined(group);
  groups_.Joined(group);
  ExpectRefused("GROUP_TOO_SMALL", [&] { return groups_.Start(group); });
  groups_.Joined(group);
  ExpectRefused("GROUP_SESSION_STATE", [&] { return groups_.Start(group); });
  IdOf(groups_.Plan(group, "FREQ=DAILY;COUNT=1", "2024-06-24 19:00"));
  IdOf(groups_.Start(group));
  ExpectRefused("GROUP_STATE", [&] { return groups_.Open(group); });
}

TEST_F(PeerGroup, TakesNobodyWithoutConsentTwiceOrBeyondItsPlaces) {
  const base::Uuid group = groups_.Formed({.max_members = 2});
  const base::Uuid silent = groups_.NewPerson(false);
  const base::Uuid asked = IdOf(groups_.Invite(group, silent));
  ExpectRefused("CONSENT_MISSING", [&] { return groups_.Join(group, asked); });
  ExpectRefused("MEMBER_LISTED_ALREADY", [&] { return groups_.Invite(group, silent); });
  const base::Uuid member = groups_.Joined(group);
  ExpectRefused("MEMBER_STATE", [&] { return groups_.Join(group, member); });
  ExpectRefused("GROUP_FULL", [&] { return groups_.Invite(group, groups_.NewPerson()); });
  IdOf(groups_.Leave(group, asked));
  groups_.Joined(group);
  ExpectRefused("MEMBER_STATE", [&] { return groups_.Leave(group, asked); });
  ExpectRefused("NOT_FOUND", [&] { return groups_.Leave(group, base::Uuid::NewV7()); });
}

TEST_F(PeerGroup, TakesBackWhoeverLeftUnderTheSameName) {
  const base::Uuid group = groups_.Running(3, 3, "2024-06-24 19:00");
  const base::Uuid member = groups_.Members(group)[0];
  const base::Uuid person = PersonOf(group, member);
  EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:3");
  IdOf(groups_.Leave(group, member));
  EXPECT_EQ(groups_.AppointmentsOf(person), "CANCELLED:3");
  EXPECT_EQ(IdOf(groups_.Invite(group, person)), member);
  IdOf(groups_.Join(group, member));
  EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:3 CANCELLED:3");
  EXPECT_EQ(groups_.Member(group, member).member.joins, 2);
}

TEST_F(PeerGroup, TellsItsMembersOfItsSessionsNeutrally) {
  const base::Uuid group = groups_.Formed();
  IdOf(groups_.Plan(group, "FREQ=WEEKLY;COUNT=3", "2024-06-24 19:00"));
  const base::Uuid member = groups_.Joined(group);
  const base::Uuid late = IdOf(groups_.Invite(group, groups_.NewPerson()));
  const base::Uuid person = PersonOf(group, member);
  EXPECT_EQ(groups_.AppointmentsOf(person), "") << "it is not open yet";
  IdOf(groups_.Open(group));
  EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:3");
  for (const base::Uuid& told : {groups_.Session(group, 0), group, member}) {
    EXPECT_EQ(world_.Ask("SELECT count(*) FROM appointment WHERE id = '" +
                         AppointmentFor(told, member, 1).ToString() + "'"),
              "0")
        << "nothing that is told of the group leads to an appointment";
  }
  IdOf(groups_.Join(group, late));
  EXPECT_EQ(groups_.AppointmentsOf(PersonOf(group, late)), "BOOKED:3");
  IdOf(groups_.Start(group));
  IdOf(groups_.Move(group, groups_.Session(group, 2), "2024-07-10 19:00"));
  IdOf(groups_.CancelSession(group, groups_.Session(group, 1)));
  groups_.Held(group, groups_.Session(group, 0), {{late, kMissed}});
  EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:1 CANCELLED:1 KEPT:1");
  EXPECT_EQ(world_.Ask("SELECT DISTINCT appointment_date FROM appointment WHERE state = 1"),
            "2024-07-10");
  EXPECT_THAT(groups_.AppointmentsOf(PersonOf(group, late)), Not(HasSubstr("KEPT")));
  IdOf(groups_.Cancel(group));
  EXPECT_EQ(groups_.AppointmentsOf(person), "CANCELLED:2 KEPT:1");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM consultant_hours"), "1") << "of the one that was held";
}

TEST_F(PeerGroup, GivesItsCoachsHoursToItsSessionsAlone) {
  const base::Uuid coach = base::Uuid::NewV7();
  const base::Uuid group = groups_.Formed({.coach = coach});
  const base::Uuid other = groups_.Formed({.coach = coach});
  IdOf(groups_.Plan(group, "FREQ=WEEKLY;COUNT=3", "2024-06-24 19:00"));
  ExpectRefused("CONSULTANT_BUSY",
                [&] { return groups_.Plan(other, "FREQ=DAILY;COUNT=9", "2024-07-06 20:00"); });
  EXPECT_TRUE(groups_.Sessions(other).empty()) << "all or none";
  IdOf(groups_.Plan(other, "FREQ=WEEKLY;COUNT=3", "2024-06-25 19:00"));
  ExpectRefused("CONSULTANT_BUSY",
                [&] { return groups_.Move(other, groups_.Session(other, 0), "2024-06-24 20:29"); });
  IdOf(groups_.Move(other, groups_.Session(other, 0), "2024-06-24 20:30"));
  // Somebody else's group at the same hours: only another coach can lead it.
  const base::Uuid third = groups_.Formed({.coach = std::nullopt});
  IdOf(groups_.Plan(third, "FREQ=WEEKLY;COUNT=1", "2024-07-01 19:00"));
  ExpectRefused("CONSULTANT_BUSY", [&] {
    return world_.Do([&](auto& work) {
      ChangeGroupInput input{.group = {.group_id = third, .reach = Reach::Everything()}};
      input.coach = std::optional<base::Uuid>(coach);
      input.changed_fields = {"coach"};
      return ChangeGroup(work, input);
    });
  });
  IdOf(groups_.Cancel(group));
  EXPECT_EQ(Reason(world_.Do([&](auto& work) {
              ChangeGroupInput input{.group = {.group_id = third, .reach = Reach::Everything()}};
              input.coach = std::optional<base::Uuid>(coach);
              input.changed_fields = {"coach"};
              return ChangeGroup(work, input);
            })),
            "");
}

TEST_F(PeerGroup, IsHeldFromItsBeginningOnWithAWordOnEach) {
  const base::Uuid group = groups_.Running(2, 2, "2024-06-24 19:00");
  const base::Uuid session = groups_.Session(group, 0);
  ExpectRefused("DATE_INVALID", [&] { return groups_.Hold(group, session); });
  world_.SetClock("2024-06-24 20:30");
  ExpectRefused("GROUP_ATTENDANCE_MISSING", [&] {
    return world_.Do([&](auto& work) {
      return HoldGroupSession(
          work, {.group = {.group_id = group, .reach = Reach::Everything()}, .session_id = session},
          {{groups_.Members(group)[0], kCame}});
    });
  });
  ExpectRefused("MEMBER_STATE", [&] {
    return world_.Do([&](auto& work) {
      return HoldGroupSession(
          work, {.group = {.group_id = group, .reach = Reach::Everything()}, .session_id = session},
          {{base::Uuid::NewV7(), kCame}});
    });
  });
  IdOf(groups_.Hold(group, session));
  ExpectRefused("GROUP_SESSION_STATE", [&] { return groups_.Hold(group, session); });
  ExpectRefused("GROUP_SESSION_STATE", [&] { return groups_.CancelSession(group, session); });
  ExpectRefused("GROUP_SESSION_STATE",
                [&] { return groups_.Move(group, session, "2024-06-25 19:00"); });
  ExpectRefused("GROUP_ATTENDANCE_MISSING", [&] { return groups_.Complete(group); });
  IdOf(groups_.CancelSession(group, groups_.Session(group, 1)));
  IdOf(groups_.Complete(group));
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT state::text, ' ') FROM group_attendance WHERE "
                       "session_id = '" +
                       groups_.Session(group, 1).ToString() + "'"),
            "4")
      << "of a cancelled session everybody's attendance is cancelled";
  ExpectRefused("GROUP_STATE", [&] { return groups_.Invite(group, groups_.NewPerson()); });
}

TEST_F(PeerGroup, ThatIsGivenUpEndsItsSessionsAndMembers) {
  const base::Uuid group = groups_.Running(2, 3, "2024-06-24 19:00");
  groups_.Held(group, groups_.Session(group, 0));
  IdOf(groups_.Cancel(group));
  const GroupView view = groups_.View(group);
  EXPECT_EQ(view.group.state, v1::GROUP_STATE_CANCELLED);
  EXPECT_EQ(view.group.cancel_reason, v1::GROUP_CANCEL_REASON_TOO_FEW);
  EXPECT_EQ(view.counts.held_sessions, 1);
  EXPECT_EQ(view.counts.cancelled_sessions, 2);
  EXPECT_EQ(view.counts.places(), 0);
  EXPECT_EQ(groups_.Last<v1::GroupMemberLeft>(group).reason(),
            v1::GROUP_LEAVE_REASON_GROUP_CANCELLED);
  ExpectRefused("GROUP_STATE", [&] { return groups_.Cancel(group); });
}

TEST_F(PeerGroup, HasACodeOfItsOwnWithinItsEdition) {
  groups_.Formed({.code = "W1"});
  ExpectRefused("GROUP_CODE_TAKEN", [&] { return groups_.Form({.code = "W1"}); });
  groups_.Formed({.code = "W2"});
  groups_.Formed();
  groups_.Formed();  // without one
  const base::Uuid id = base::Uuid::NewV7();
  const auto form = [&] {
    return world_.Do([&](auto& work) {
      return FormGroup(work, {.group_id = id, .programme = "INC", .edition = "2024"});
    });
  };
  IdOf(form());
  ExpectRefused("ID_TAKEN", form);
}

TEST_F(PeerGroup, HoldsAsManySessionsAsAGroupCan) {
  const base::Uuid group = groups_.Formed();
  IdOf(groups_.Plan(group, "FREQ=DAILY;COUNT=60", "2024-06-24 19:00"));
  EXPECT_EQ(groups_.Count(group, "GroupSessionPlanned"), kGroupSessionsMax);
  EXPECT_EQ(groups_.Sessions(group).back().number, kGroupSessionsMax);
  ExpectRefused("RECURRENCE_INVALID",
                [&] { return groups_.Plan(group, "FREQ=DAILY;COUNT=1", "2024-12-24 19:00"); });
}

TEST_F(PeerGroup, TakesNoDayOfTheFutureNorOneBeforeTheStepThatLedToIt) {
  const base::Uuid group = groups_.Formed();
  const auto open = [&](absl::CivilDay day) {
    return world_.Do([&](auto& work) {
      return OpenGroup(work, {.group_id = group, .reach = Reach::Everything(), .day = day});
    });
  };
  ExpectRefused("DATE_INVALID", [&] { return open(absl::CivilDay(2024, 6, 21)); });
  ExpectRefused("DATE_ORDER", [&] { return open(absl::CivilDay(2024, 6, 19)); });
  IdOf(open(absl::CivilDay(2024, 6, 20)));
}

TEST_F(PeerGroup, IsChangedByWhoHasReadItLast) {
  const base::Uuid group = groups_.Formed();
  const auto change = [&](const std::string& etag, const std::string& label) {
    return world_.Do([&](auto& work) {
      ChangeGroupInput input{
          .group = {.group_id = group, .etag = etag, .reach = Reach::Everything()}};
      input.label = label;
      input.changed_fields = {"label"};
      return ChangeGroup(work, input);
    });
  };
  IdOf(change("\"1\"", "수요일 모임"));
  ExpectRefused("STALE_ETAG", [&] { return change("\"1\"", "월요일 모임"); });
  const int64_t before = world_.EventCount();
  IdOf(change("", "수요일 모임"));
  EXPECT_EQ(world_.EventCount(), before) << "what stands so already changes nothing";
}

}  // namespace
}  // namespace ieum::casemgmt::testing
