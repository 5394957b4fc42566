// Goal: of several who take the last place of a peer group, or the same hours of its coach, one
// wins, and the others hear why; nothing is half done. Method: real concurrency on a real database,
// several rounds, and members who come and go beside sessions that move. row:C8
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <thread>

#include "tests/integration/casemgmt/group_world.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

// What several are told who do something at once, "" for none, sorted.
template <class F>
std::vector<std::string> ReasonsAtOnce(int callers, F ask) {
  std::vector<std::string> reasons(callers);
  std::barrier gate(callers);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      gate.arrive_and_wait();
      reasons[caller] = ask(caller);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reasons.begin(), reasons.end());
  return reasons;
}

class GroupRace : public ::testing::Test {
 protected:
  World world_{"2024-06-20 09:00"};
  Groups groups_{world_};
};

TEST_F(GroupRace, ForTheLastPlaceHasOneWinner) {
  for (int round = 0; round < 6; ++round) {
    const base::Uuid group = groups_.Formed({.max_members = 2});
    groups_.Joined(group);
    std::vector<base::Uuid> people;
    for (int caller = 0; caller < 4; ++caller) people.push_back(groups_.NewPerson());
    EXPECT_THAT(
        ReasonsAtOnce(4, [&](int caller) { return Reason(groups_.Invite(group, people[caller])); }),
        ElementsAre("", "GROUP_FULL", "GROUP_FULL", "GROUP_FULL"));
    EXPECT_EQ(groups_.View(group).counts.places(), 2);
  }
}

TEST_F(GroupRace, ForOneMemberHasOneWinner) {
  for (int round = 0; round < 6; ++round) {
    const base::Uuid group = groups_.Formed();
    const base::Uuid person = groups_.NewPerson();
    EXPECT_THAT(
        ReasonsAtOnce(4, [&](int) { return Reason(groups_.Invite(group, person)); }),
        ElementsAre("", "MEMBER_LISTED_ALREADY", "MEMBER_LISTED_ALREADY", "MEMBER_LISTED_ALREADY"));
  }
}

TEST_F(GroupRace, ForTheCoachsHoursHasOneWinner) {
  for (int round = 0; round < 6; ++round) {
    const base::Uuid coach = base::Uuid::NewV7();
    std::vector<base::Uuid> ids;
    for (int caller = 0; caller < 3; ++caller) ids.push_back(groups_.Formed({.coach = coach}));
    EXPECT_THAT(ReasonsAtOnce(3,
                              [&](int caller) {
                                return Reason(groups_.Plan(ids[caller], "FREQ=WEEKLY;COUNT=5",
                                                           "2024-06-24 19:00"));
                              }),
                ElementsAre("", "CONSULTANT_BUSY", "CONSULTANT_BUSY"));
  }
}

TEST_F(GroupRace, OfHoldingAndCancellingASessionHasOneWinner) {
  for (int round = 0; round < 6; ++round) {
    const base::Uuid group = groups_.Running(2, 1, "2024-06-20 12:00");
    const base::Uuid session = groups_.Session(group, 0);
    world_.SetClock("2024-06-20 13:30");
    EXPECT_THAT(ReasonsAtOnce(2,
                              [&](int caller) {
                                return Reason(caller == 0 ? groups_.Hold(group, session)
                                                          : groups_.CancelSession(group, session));
                              }),
                ElementsAre("", "GROUP_SESSION_STATE"));
    EXPECT_EQ(
        groups_.Count(group, "GroupSessionHeld") + groups_.Count(group, "GroupSessionCancelled"),
        1);
  }
}

// Each who joins is told of each session, whatever is planned at the same moment.
TEST_F(GroupRace, OfJoiningAndPlanningLeavesNobodyUntold) {
  for (int round = 0; round < 4; ++round) {
    const base::Uuid group = groups_.Formed();
    IdOf(groups_.Plan(group, "FREQ=WEEKLY;COUNT=2", "2024-06-24 19:00"));
    IdOf(groups_.Open(group));
    std::vector<base::Uuid> people, members;
    for (int caller = 0; caller < 2; ++caller) {
      people.push_back(groups_.NewPerson());
      members.push_back(IdOf(groups_.Invite(group, people.back())));
    }
    EXPECT_THAT(ReasonsAtOnce(3,
                              [&](int caller) {
                                return Reason(caller < 2
                                                  ? groups_.Join(group, members[caller])
                                                  : groups_.Plan(group, "FREQ=WEEKLY;COUNT=3",
                                                                 "2024-07-24 19:00"));
                              }),
                ElementsAre("", "", ""));
    for (const base::Uuid& person : people) {
      EXPECT_EQ(groups_.AppointmentsOf(person), "BOOKED:5");
    }
  }
}

TEST_F(GroupRace, OfTwoMergesLeavesNobodyInTwoPlaces) {
  for (int round = 0; round < 4; ++round) {
    const base::Uuid one = groups_.Running(2, 2, "2024-06-24 19:00");
    const base::Uuid two = groups_.Running(2, 2, "2024-06-24 19:00");
    EXPECT_THAT(ReasonsAtOnce(2,
                              [&](int caller) {
                                return Reason(caller == 0 ? groups_.Merge(one, two)
                                                          : groups_.Merge(two, one));
                              }),
                ElementsAre("", "GROUP_STATE"));
    EXPECT_EQ(groups_.View(one).counts.active + groups_.View(two).counts.active, 4);
  }
}

}  // namespace
}  // namespace ieum::casemgmt::testing
