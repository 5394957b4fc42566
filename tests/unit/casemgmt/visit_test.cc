// Goal: a visit is planned, moved, cancelled, held and reported in this order only. Method: every
// state with every step, and times around their bounds.
#include "services/casemgmt/engagements/visit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

constexpr auto kPlanned = v1::VISIT_STATE_PLANNED;
constexpr auto kHeld = v1::VISIT_STATE_HELD;
constexpr auto kCancelled = v1::VISIT_STATE_CANCELLED;
constexpr auto kRefused = v1::VISIT_STATE_UNSPECIFIED;

v1::VisitState After(v1::VisitState state, VisitStep step) {
  const auto next = NextState(state, step);
  if (next.ok()) return *next;
  EXPECT_EQ(base::ReasonOf(next.status()), "VISIT_STATE");
  return kRefused;
}

TEST(Visit, TakesEveryStepFromOneStateOnly) {
  struct Row {
    VisitStep step;
    v1::VisitState from_planned, from_held, from_cancelled;
  };
  for (const Row& row : {Row{VisitStep::kReschedule, kPlanned, kRefused, kRefused},
                         Row{VisitStep::kCancel, kCancelled, kRefused, kRefused},
                         Row{VisitStep::kHold, kHeld, kRefused, kRefused},
                         Row{VisitStep::kReport, kRefused, kHeld, kRefused}}) {
    EXPECT_EQ(After(kPlanned, row.step), row.from_planned);
    EXPECT_EQ(After(kHeld, row.step), row.from_held);
    EXPECT_EQ(After(kCancelled, row.step), row.from_cancelled);
  }
}

TEST(Visit, EndsAfterItStarts) {
  const absl::Time at = base::KoreaInstant(absl::CivilDay(2023, 5, 10), 10);
  EXPECT_TRUE(CheckTimes(at, at + absl::Microseconds(1)).ok());
  EXPECT_EQ(base::ReasonOf(CheckTimes(at, at)), "DATE_ORDER");
  EXPECT_EQ(base::ReasonOf(CheckTimes(at, at - absl::Hours(1))), "DATE_ORDER");
}

TEST(Visit, IsOnTheKoreanDayOfItsStart) {
  Visit visit;
  visit.start = base::KoreaInstant(absl::CivilDay(2023, 5, 10), 8);  // 9 May, 23:00 UTC
  EXPECT_EQ(visit.day(), absl::CivilDay(2023, 5, 10));
}

TEST(Visit, IsRecordedAsHeldOnlyOnceItHasBegun) {
  const absl::CivilDay day(2023, 5, 10);
  const absl::Time at = base::KoreaInstant(day, 10);
  EXPECT_TRUE(CheckHeldAt(at, at, day).ok());
  EXPECT_EQ(base::ReasonOf(CheckHeldAt(at, at - absl::Microseconds(1), day)), "DATE_INVALID");
  EXPECT_EQ(base::ReasonOf(CheckHeldAt(at, at, day + 1)), "DATE_ORDER");
}

TEST(Visit, KeepsItsMinutes) {
  Visit visit;
  EXPECT_TRUE(CheckNoMinutes(visit).ok());
  visit.minutes = "met";
  EXPECT_EQ(base::ReasonOf(CheckNoMinutes(visit)), "MINUTES_RECORDED_ALREADY");
}

}  // namespace
}  // namespace ieum::casemgmt
