// Goal: what an approved plan says of its activities is true here whatever order its words come in
// and however often, and what people did by hand stands. Method: registry's events through the
// event door on a real database; RapidCheck shuffles and repeats them. row:X16
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/integration/casemgmt/activity_world.h"

namespace ieum::casemgmt::testing {
namespace {

namespace registry = ieum::registry::v1;
using ::testing::ElementsAre;

class PlanHeard : public ::testing::Test {
 protected:
  World world_{"2023-02-06 10:00"};
  Activities activities_{world_};
  const base::Uuid id_ = base::Uuid::NewV7();
};

TEST_F(PlanHeard, MakesMovesAndCancelsTheActivity) {
  const std::string lead = base::Uuid::NewV7().ToString();
  ASSERT_TRUE(activities_.Plan<registry::ActivityPlanned>(id_, "2023-05-24", 3, lead).ok());
  EXPECT_EQ(activities_.View(id_).activity.centre->ToString(), lead);
  ASSERT_TRUE(activities_.Plan<registry::ActivityMoved>(id_, "2023-05-31", 4, lead).ok());
  const auto moved = world_.LastOf(id_).As<v1::ActivityRescheduled>();
  EXPECT_EQ(moved.previous_start_date(), "2023-05-24");
  EXPECT_EQ(moved.activity().start_date(), "2023-05-31");
  ASSERT_TRUE(activities_.Plan<registry::ActivityDropped>(id_, "2023-05-31", 5, lead).ok());
  EXPECT_EQ(world_.LastOf(id_).As<v1::ActivityCancelled>().reason(),
            v1::ACTIVITY_CANCEL_REASON_DROPPED_FROM_PLAN);
  ASSERT_TRUE(activities_.Plan<registry::ActivityPlanned>(id_, "2023-06-07", 6, lead).ok());
  EXPECT_EQ(activities_.View(id_).activity.state, v1::ACTIVITY_STATE_PLANNED);
}

TEST_F(PlanHeard, GivesTheListOfAnActivityToWhoLeadsItNow) {
  const std::string first = base::Uuid::NewV7().ToString(), next = base::Uuid::NewV7().ToString();
  ASSERT_TRUE(activities_.Plan<registry::ActivityPlanned>(id_, "2023-05-24", 3, first).ok());
  const base::Uuid entry = activities_.Invited(id_, {.person = base::Uuid::NewV7()});
  ASSERT_TRUE(activities_.Plan<registry::ActivityMoved>(id_, "2023-05-31", 4, next).ok());
  EXPECT_EQ(activities_.Entry(id_, entry).attendance.centre->ToString(), next);
}

TEST_F(PlanHeard, GivesThePartsOfAnActivityToWhoLeadsItNow) {
  ASSERT_TRUE(activities_.Plan<registry::ActivityPlanned>(id_, "2023-05-24", 3).ok());
  const base::Uuid part = activities_.Entered("2023-05-24", id_);
  const base::Uuid entry = activities_.Invited(part, {.person = base::Uuid::NewV7()});
  const std::string next = base::Uuid::NewV7().ToString();
  ASSERT_TRUE(activities_.Plan<registry::ActivityMoved>(id_, "2023-05-31", 4, next).ok());
  EXPECT_EQ(activities_.View(part).activity.centre, base::Uuid::Parse(next));
  EXPECT_EQ(activities_.Entry(part, entry).attendance.centre, base::Uuid::Parse(next));
  EXPECT_THAT(world_.LastOf(part).As<v1::ActivityChanged>().changed_fields(),
              ElementsAre("centre"));
}

TEST_F(PlanHeard, LeavesCallsToTheirCampaigns) {
  auto call = PlanEvent<registry::ActivityPlanned>(id_, "2023-06-01");
  call.mutable_activity()->set_kind(registry::PLANNED_DATE_KIND_CALL);
  ASSERT_TRUE(world_.Hear(call, base::Uuid::NewV7(), 3).ok());
  EXPECT_EQ(world_.EventCount(), 0);
}

TEST_F(PlanHeard, DoesNotMoveWhatPeopleMovedNorDropWhatTookPlace) {
  ASSERT_TRUE(activities_.Plan<registry::ActivityPlanned>(id_, "2023-05-24", 3).ok());
  ASSERT_TRUE(world_
                  .Do([&](auto& work) {
                    return RescheduleActivity(work, {.activity_id = id_}, Day("2023-02-03"),
                                              Day("2023-02-03"));
                  })
                  .ok());
  ASSERT_TRUE(activities_.Plan<registry::ActivityMoved>(id_, "2023-05-31", 4).ok());
  EXPECT_EQ(activities_.View(id_).activity.start, Day("2023-02-03"));
  EXPECT_EQ(activities_.View(id_).activity.plan->start, Day("2023-05-31"));
  IdOf(world_.Do([&](auto& work) { return ConfirmActivity(work, {.activity_id = id_}); }));
  ASSERT_TRUE(activities_.Held(id_, {.headcounts = {{v1::HEADCOUNT_KIND_TOTAL, 12}}}).ok());
  ASSERT_TRUE(activities_.Plan<registry::ActivityDropped>(id_, "2023-05-31", 5).ok());
  EXPECT_EQ(activities_.View(id_).activity.state, v1::ACTIVITY_STATE_HELD);
}

TEST_F(PlanHeard, BeginsAnewAfterItsLedgerWasRestored) {
  ASSERT_TRUE(activities_.Plan<registry::ActivityPlanned>(id_, "2023-05-24", 9).ok());
  world_.Ask("UPDATE activity SET plan_version = 0 RETURNING 1");  // as OnRewind does
  ASSERT_TRUE(activities_.Plan<registry::ActivityMoved>(id_, "2023-05-31", 4).ok());
  EXPECT_EQ(activities_.View(id_).activity.start, Day("2023-05-31"));
}

// One word of the plan. The days are those that registry would say: a drop says the last ones.
struct Word {
  enum Kind { kPlanned, kMoved, kDropped } kind;
  std::string day;
  int64_t version;
};

absl::Status Say(Activities& activities, const base::Uuid& id, const Word& word) {
  switch (word.kind) {
    case Word::kPlanned:
      return activities.Plan<registry::ActivityPlanned>(id, word.day, word.version);
    case Word::kMoved:
      return activities.Plan<registry::ActivityMoved>(id, word.day, word.version);
    case Word::kDropped:
      return activities.Plan<registry::ActivityDropped>(id, word.day, word.version);
  }
  return absl::OkStatus();
}

// A history as registry writes it: planned, moved any number of times, dropped, planned again.
std::vector<Word> History() {
  std::vector<Word> words;
  bool stands = false;
  std::string day = "2023-05-24";
  const int length = *rc::gen::inRange(1, 8);
  for (int at = 0; at < length; ++at) {
    const bool drops = stands && *rc::gen::inRange(0, 3) == 0;
    if (!drops) day = "2023-0" + std::to_string(*rc::gen::inRange(1, 10)) + "-15";
    words.push_back({!stands ? Word::kPlanned
                     : drops ? Word::kDropped
                             : Word::kMoved,
                     day, at + 2});
    stands = !drops;
  }
  return words;
}

RC_GTEST_PROP(PlanProperty, AnyOrderAndAnyRepetitionOfItsWordsEndsAlike, ()) {
  static World world("2023-02-06 10:00");
  Activities activities(world);
  const std::vector<Word> in_order = History();
  std::vector<Word> shuffled = in_order;
  for (const Word& word : *rc::gen::container<std::vector<Word>>(rc::gen::elementOf(in_order))) {
    shuffled.push_back(word);
  }
  for (size_t at = shuffled.size(); at > 1; --at) {
    std::swap(shuffled[at - 1], shuffled[*rc::gen::inRange<size_t>(0, at)]);
  }
  const base::Uuid one = base::Uuid::NewV7(), other = base::Uuid::NewV7();
  for (const Word& word : in_order) RC_ASSERT(Say(activities, one, word).ok());
  for (const Word& word : shuffled) RC_ASSERT(Say(activities, other, word).ok());
  Activity expected = activities.View(one).activity;
  const Activity got = activities.View(other).activity;
  expected.id = got.id;
  RC_ASSERT(expected == got);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
