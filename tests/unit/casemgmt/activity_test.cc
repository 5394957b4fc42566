// Goal: an activity goes from its plan to its minutes by the steps of the pattern P-ACT only, and
// follows its plan as far as nobody gave it other days. Method: every state with every step, days
// around their bounds, and the words of a plan one by one. row:C28
#include "services/casemgmt/activities/activity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using Step = ActivityStep;
using ::testing::ElementsAre;

constexpr auto kPlanned = v1::ACTIVITY_STATE_PLANNED;
constexpr auto kOpen = v1::ACTIVITY_STATE_OPEN_FOR_RSVP;
constexpr auto kConfirmed = v1::ACTIVITY_STATE_CONFIRMED;
constexpr auto kHeld = v1::ACTIVITY_STATE_HELD;
constexpr auto kReported = v1::ACTIVITY_STATE_REPORTED;
constexpr auto kPostponed = v1::ACTIVITY_STATE_POSTPONED;
constexpr auto kCancelled = v1::ACTIVITY_STATE_CANCELLED;
constexpr auto kRefused = v1::ACTIVITY_STATE_UNSPECIFIED;

v1::ActivityState After(v1::ActivityState state, Step step) {
  const auto next = NextState(state, step);
  if (next.ok()) return *next;
  EXPECT_EQ(base::ReasonOf(next.status()), "ACTIVITY_STATE");
  return kRefused;
}

TEST(Activity, TakesEveryStepFromTheStatesOfItsPatternOnly) {
  constexpr v1::ActivityState kStates[] = {kPlanned,  kOpen,      kConfirmed, kHeld,
                                           kReported, kPostponed, kCancelled};
  const std::map<Step, std::vector<v1::ActivityState>> table = {
      // from      PLANNED    OPEN        CONFIRMED   HELD      REPORTED   POSTPONED  CANCELLED
      {Step::kUpdate, {kPlanned, kOpen, kConfirmed, kRefused, kRefused, kPostponed, kRefused}},
      {Step::kOpen, {kOpen, kRefused, kRefused, kRefused, kRefused, kRefused, kRefused}},
      {Step::kConfirm, {kConfirmed, kConfirmed, kRefused, kRefused, kRefused, kRefused, kRefused}},
      {Step::kReschedule, {kPlanned, kOpen, kConfirmed, kRefused, kRefused, kPlanned, kRefused}},
      {Step::kPostpone,
       {kPostponed, kPostponed, kPostponed, kRefused, kRefused, kRefused, kRefused}},
      {Step::kCancel,
       {kCancelled, kCancelled, kCancelled, kRefused, kRefused, kCancelled, kRefused}},
      {Step::kHold, {kRefused, kRefused, kHeld, kRefused, kRefused, kRefused, kRefused}},
      {Step::kCount, {kRefused, kRefused, kConfirmed, kHeld, kReported, kRefused, kRefused}},
      {Step::kPublish, {kRefused, kRefused, kRefused, kReported, kReported, kRefused, kRefused}},
      {Step::kInvite, {kPlanned, kOpen, kConfirmed, kRefused, kRefused, kRefused, kRefused}},
      {Step::kAnswer, {kRefused, kOpen, kConfirmed, kRefused, kRefused, kRefused, kRefused}},
      {Step::kCheckIn, {kRefused, kRefused, kConfirmed, kHeld, kRefused, kRefused, kRefused}},
      {Step::kRetract, {kRefused, kRefused, kConfirmed, kHeld, kRefused, kRefused, kRefused}},
      {Step::kRecordDuration,
       {kRefused, kRefused, kConfirmed, kHeld, kRefused, kRefused, kRefused}},
      {Step::kReinstate, {kRefused, kRefused, kRefused, kRefused, kRefused, kRefused, kPlanned}},
  };
  ASSERT_EQ(table.size(), static_cast<size_t>(Step::kReinstate) + 1) << "a step has no row";
  size_t legal = 0;
  for (const auto& [step, row] : table) {
    ASSERT_EQ(row.size(), std::size(kStates));
    for (size_t at = 0; at < row.size(); ++at) {
      EXPECT_EQ(After(kStates[at], step), row[at])
          << StateWord(kStates[at]) << " step " << static_cast<int>(step);
      legal += row[at] == kRefused ? 0 : 1;
    }
  }
  EXPECT_EQ(ActivityMoves().size(), legal) << "a move stands twice, or is of no state here";
}

TEST(Activity, DoesNotEndBeforeItStarts) {
  const absl::CivilDay day(2023, 5, 24);
  EXPECT_TRUE(CheckDays(day, day).ok());
  EXPECT_TRUE(CheckDays(day, day + 5).ok());
  EXPECT_EQ(base::ReasonOf(CheckDays(day, day - 1)), "DATE_ORDER");
  EXPECT_THAT(base::FieldsOf(CheckDays(day, day - 1)), ElementsAre("end_date"));
}

Activity From(absl::CivilDay start, absl::CivilDay end) {
  Activity activity;
  activity.start = start;
  activity.end = end;
  return activity;
}

TEST(Activity, IsHeldOnOneOfItsDaysAndNotInTheFuture) {
  const absl::CivilDay first(2023, 11, 6), last(2023, 11, 11);
  const Activity fair = From(first, last);
  EXPECT_EQ(*HeldDay(fair, std::nullopt, last), first) << "its first day, where none is given";
  EXPECT_EQ(*HeldDay(fair, last, last), last);
  EXPECT_EQ(base::ReasonOf(HeldDay(fair, std::nullopt, first - 1).status()), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(HeldDay(fair, last, last - 1).status()), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(HeldDay(fair, first - 1, last).status()), "DATE_ORDER");
  EXPECT_EQ(base::ReasonOf(HeldDay(fair, last + 1, last + 2).status()), "DATE_ORDER");
}

TEST(Activity, IsAttendedFromItsFirstDayOnAndNotAfterItsLast) {
  const absl::CivilDay first(2023, 11, 6), last(2023, 11, 11);
  const Activity fair = From(first, last);
  EXPECT_EQ(*AttendedDay(fair, first), first);
  EXPECT_EQ(*AttendedDay(fair, first + 2), first + 2);
  EXPECT_EQ(*AttendedDay(fair, last + 30), last) << "put on record later";
  EXPECT_EQ(base::ReasonOf(AttendedDay(fair, first - 1).status()), "DATE_INVALID");
}

TEST(Headcount, GivesEachKindOnceAndNoPartAboveTheTotal) {
  const Headcount total{v1::HEADCOUNT_KIND_TOTAL, 300};
  EXPECT_TRUE(CheckHeadcounts({}).ok());
  EXPECT_TRUE(CheckHeadcounts({total, {v1::HEADCOUNT_KIND_WOMEN, 300}}).ok());
  EXPECT_TRUE(CheckHeadcounts({{v1::HEADCOUNT_KIND_WOMEN, 5}}).ok()) << "no total was counted";
  EXPECT_EQ(base::ReasonOf(CheckHeadcounts({total, {v1::HEADCOUNT_KIND_WOMEN, 301}})),
            "HEADCOUNT_INVALID");
  EXPECT_EQ(base::ReasonOf(CheckHeadcounts({total, total})), "HEADCOUNT_INVALID");
  EXPECT_EQ(CountOf({total}, v1::HEADCOUNT_KIND_TOTAL), 300);
  EXPECT_EQ(CountOf({total}, v1::HEADCOUNT_KIND_WOMEN), 0);
}

TEST(Parent, IsOfTheSameCentreAndItselfNoPartAndNotOver) {
  const base::Uuid centre = base::Uuid::NewV7();
  Activity fair = From(absl::CivilDay(2023, 11, 6), absl::CivilDay(2023, 11, 11));
  fair.centre = centre;
  EXPECT_TRUE(CheckParent(fair, centre).ok());
  const auto refused = [](const std::optional<Activity>& parent,
                          const std::optional<base::Uuid>& of) {
    return base::ReasonOf(CheckParent(parent, of)) == "PARENT_ACTIVITY";
  };
  EXPECT_TRUE(refused(std::nullopt, centre));
  EXPECT_TRUE(refused(fair, std::nullopt));
  EXPECT_TRUE(refused(fair, base::Uuid::NewV7()));
  Activity part = fair;
  part.parent = base::Uuid::NewV7();
  EXPECT_TRUE(refused(part, centre));
  for (const auto state : {kCancelled, kReported}) {
    fair.state = state;
    EXPECT_TRUE(refused(fair, centre)) << StateWord(state);
  }
}

// row:X16
class Plan : public ::testing::Test {
 protected:
  PlanSays Says(int64_t version, absl::CivilDay day, bool dropped = false) {
    PlanSays plan;
    plan.activity_id = id_;
    plan.link = {.version = version, .start = day, .end = day};
    plan.dropped = dropped;
    plan.programme = "BSN";
    plan.edition = "2023";
    plan.line_code = "BSN-1";
    plan.key = "COUNCIL-1";
    plan.label = "추진단 협의회";
    return plan;
  }
  // After the plan's words, one after the other.
  std::optional<Followed> Hear(const PlanSays& plan) {
    auto followed = FollowPlan(known_, plan, absl::UnixEpoch());
    if (followed) known_ = followed->activity;
    return followed;
  }

  const base::Uuid id_ = base::Uuid::NewV7();
  const absl::CivilDay may_{2023, 5, 24}, june_{2023, 6, 7}, july_{2023, 7, 5};
  std::optional<Activity> known_;
};

TEST_F(Plan, MakesTheActivityAndMovesIt) {
  EXPECT_TRUE(Hear(Says(3, may_))->scheduled);
  EXPECT_EQ(known_->state, kPlanned);
  EXPECT_EQ(known_->label, "추진단 협의회");
  const auto moved = Hear(Says(4, june_));
  EXPECT_TRUE(moved->rescheduled);
  EXPECT_FALSE(moved->changed);
  EXPECT_EQ(known_->start, june_);
}

TEST_F(Plan, SaysNothingNewTwice) {
  Hear(Says(3, may_));
  EXPECT_FALSE(Hear(Says(3, may_)).has_value());
  EXPECT_FALSE(Hear(Says(2, july_)).has_value()) << "older than what is known";
}

TEST_F(Plan, DoesNotMoveWhatWasMovedByHandButTellsItsDay) {
  Hear(Says(3, may_));
  known_->start = known_->end = june_;
  known_->date_by_hand = true;
  EXPECT_FALSE(Hear(Says(4, july_))->rescheduled);
  EXPECT_EQ(known_->start, june_);
  EXPECT_EQ(known_->plan->start, july_);
}

TEST_F(Plan, NeitherMovesNorDropsWhatTookPlace) {
  for (const auto state : {kHeld, kReported}) {
    known_.reset();
    Hear(Says(3, may_));
    known_->state = state;
    EXPECT_FALSE(Hear(Says(4, june_))->rescheduled);
    EXPECT_FALSE(Hear(Says(5, june_, true))->cancelled);
    EXPECT_EQ(known_->state, state);
    EXPECT_EQ(known_->start, may_);
  }
}

TEST_F(Plan, GivesAPostponedActivityItsNewDay) {
  Hear(Says(3, may_));
  known_->state = kPostponed;
  EXPECT_TRUE(Hear(Says(4, june_))->rescheduled);
  EXPECT_EQ(known_->state, kPlanned);
}

TEST_F(Plan, CancelsWhatItDropsAndTakesItsOwnWordBackOnly) {
  Hear(Says(3, may_));
  EXPECT_TRUE(Hear(Says(4, may_, true))->cancelled);
  EXPECT_EQ(known_->cancel_reason, v1::ACTIVITY_CANCEL_REASON_DROPPED_FROM_PLAN);
  EXPECT_TRUE(Hear(Says(5, june_))->reinstated);
  EXPECT_EQ(known_->state, kPlanned);
  EXPECT_EQ(known_->start, june_);
  known_->state = kCancelled;
  known_->cancel_reason = v1::ACTIVITY_CANCEL_REASON_TOO_FEW;
  EXPECT_FALSE(Hear(Says(6, july_))->reinstated);
  EXPECT_EQ(known_->state, kCancelled);
  EXPECT_EQ(known_->start, june_);
}

TEST_F(Plan, DropsAlsoWhatItHasNeverSaid) {
  const auto followed = Hear(Says(4, may_, true));
  EXPECT_TRUE(followed->scheduled && followed->cancelled);
  EXPECT_EQ(known_->state, kCancelled);
  EXPECT_FALSE(Hear(Says(3, may_)).has_value());
}

TEST_F(Plan, KeepsAManagerWhoWasGivenByHand) {
  PlanSays plan = Says(3, may_);
  plan.manager = base::Uuid::NewV7();
  Hear(plan);
  EXPECT_EQ(known_->manager, plan.manager);
  const base::Uuid other = base::Uuid::NewV7();
  known_->manager = other;
  known_->manager_by_hand = true;
  plan.link.version = 4;
  plan.label = "협의회 (변경)";
  EXPECT_TRUE(Hear(plan)->changed);
  EXPECT_EQ(known_->manager, other);
  EXPECT_EQ(known_->label, "협의회 (변경)");
}

TEST_F(Plan, TakesUpWhatWasEnteredByHandUnderItsIdWithItsDays) {
  known_ = From(june_, june_);
  known_->id = id_;
  EXPECT_FALSE(Hear(Says(3, may_))->rescheduled);
  EXPECT_EQ(known_->start, june_);
  EXPECT_EQ(known_->plan->start, may_);
  EXPECT_EQ(known_->label, "추진단 협의회");
}

}  // namespace
}  // namespace ieum::casemgmt
