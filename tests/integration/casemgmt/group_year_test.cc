// Goal: the W-ink year of the scenario comes out of the events alone: 6 groups, 47 memberships of
// 45 people, 29 of 30 sessions held, 41 people who completed. Method: the six groups of scenario.md
// §2.3 played day by day through the use cases. row:C8
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "tests/integration/casemgmt/group_world.h"

namespace ieum::casemgmt::testing {
namespace {

struct PlayedGroup {
  std::string code, rule, start;
  std::vector<std::string> except;
  std::vector<int> people;         // P0052 is 52
  std::map<int, int> misses = {};  // how many of the first sessions that are held somebody misses
};

std::vector<int> From(int first, int last, const std::vector<int>& others = {}) {
  std::vector<int> people = others;
  for (int person = first; person <= last; ++person) people.push_back(person);
  return people;
}

// P0070 is in W1 and W4, P0081 in W3 and W6. Session 3 of W6 is that of 25 September.
std::vector<PlayedGroup> Year() {
  return {{"W1", "FREQ=WEEKLY;COUNT=5", "2024-06-24 19:00", {}, From(52, 58, {70}), {{55, 2}}},
          {"W2", "FREQ=WEEKLY;COUNT=5", "2024-06-25 19:00", {}, From(59, 66), {{63, 3}, {64, 1}}},
          {"W3", "FREQ=WEEKLY;COUNT=5", "2024-07-04 19:00", {}, From(71, 74, {67, 68, 69, 81})},
          {"W4", "FREQ=WEEKLY;COUNT=5", "2024-08-03 10:00", {}, From(75, 80, {70, 82}), {{70, 1}}},
          {"W5", "FREQ=WEEKLY;COUNT=5", "2024-09-20 19:00", {}, From(83, 90), {{86, 2}}},
          {"W6",
           "FREQ=WEEKLY;COUNT=7",
           "2024-09-04 19:00",
           {"2024-09-18", "2024-10-09"},  // Chuseok, Hangeul Day
           From(91, 96, {81}),
           {{94, 1}}}};
}

// A session that is to come, in the order of the year.
struct Upcoming {
  absl::Time start;
  size_t group;
  base::Uuid session;
  int number;
};

class WinkYear : public ::testing::Test {
 protected:
  WinkYear() {
    for (const PlayedGroup& played : year_) ids_.push_back(Begun(played));
  }

  base::Uuid Begun(const PlayedGroup& played) {
    const base::Uuid group = groups_.Formed({.code = played.code, .min_members = 6});
    for (const int person : played.people) {
      if (!people_.contains(person)) people_[person] = groups_.NewPerson();
      members_[{group, person}] = groups_.Joined(group, people_[person]);
    }
    IdOf(groups_.Plan(group, played.rule, played.start, played.except));
    IdOf(groups_.Open(group));
    IdOf(groups_.Start(group));
    return group;
  }

  std::vector<Upcoming> Calendar() {
    std::vector<Upcoming> all;
    for (size_t at = 0; at < ids_.size(); ++at) {
      for (const GroupSession& session : groups_.Sessions(ids_[at])) {
        all.push_back({session.start, at, session.id, session.number});
      }
    }
    std::sort(all.begin(), all.end(),
              [](const Upcoming& a, const Upcoming& b) { return a.start < b.start; });
    return all;
  }

  void Play() {
    std::vector<int> held(ids_.size(), 0);
    for (const Upcoming& next : Calendar()) {
      const PlayedGroup& played = year_[next.group];
      if (played.code == "W6" && next.number == 3) {
        EXPECT_EQ(base::FormatDay(base::KoreaDay(next.start)), "2024-09-25");
        world_.SetClock("2024-09-25 09:00");
        IdOf(groups_.CancelSession(ids_[next.group], next.session));
        continue;
      }
      Attendances attendances;
      for (const auto& [person, misses] : played.misses) {
        if (held[next.group] < misses) {
          attendances[members_.at({ids_[next.group], person})] = kMissed;
        }
      }
      groups_.Held(ids_[next.group], next.session, attendances);
      ++held[next.group];
    }
    world_.SetClock("2024-10-21 10:00");
    for (const base::Uuid& group : ids_) IdOf(groups_.Complete(group));
  }

  template <class Event, class Look>
  void Each(Look look) {
    for (const base::Uuid& group : ids_) {
      for (const Told& told : world_.EventsOf(group)) {
        if (told.type == Event::descriptor()->name()) look(told.As<Event>());
      }
    }
  }
  template <class Event>
  int Count() {
    int count = 0;
    Each<Event>([&](const auto&) { ++count; });
    return count;
  }

  World world_{"2024-06-20 09:00"};
  Groups groups_{world_};
  const std::vector<PlayedGroup> year_ = Year();
  std::map<int, base::Uuid> people_;
  std::map<std::pair<base::Uuid, int>, base::Uuid> members_;
  std::vector<base::Uuid> ids_;
};

TEST_F(WinkYear, ComesOutOfItsEvents) {
  Play();
  std::set<std::string> came, completed;
  Each<v1::GroupAttendanceRecorded>([&](const auto& event) {
    if (event.attendance() == kCame) came.insert(event.member().participant_id());
  });
  Each<v1::GroupMemberCompleted>(
      [&](const auto& event) { completed.insert(event.member().participant_id()); });
  EXPECT_EQ(Count<v1::GroupStarted>(), 6) << "A10";
  EXPECT_EQ(Count<v1::GroupMemberJoined>(), 47);
  EXPECT_EQ(came.size(), 45u) << "A11";
  EXPECT_EQ(Count<v1::GroupSessionPlanned>(), 30);
  EXPECT_EQ(Count<v1::GroupSessionHeld>(), 29) << "A12";
  EXPECT_EQ(completed.size(), 41u);
  EXPECT_EQ(Count<v1::GroupMemberCompleted>(), 43) << "two of them in two groups";
  // P0055, P0063 and P0086 missed the first two or three; P0094 one of four.
  EXPECT_EQ(Count<v1::GroupAbsencesRepeated>(), 3);
  EXPECT_EQ(world_.Ask("SELECT string_agg(DISTINCT session_date::text, ' ') FROM group_session "
                       "WHERE state = 3"),
            "2024-09-25");
}

}  // namespace
}  // namespace ieum::casemgmt::testing
