// Goal: a retention check falls on the right day and is asked for at the right time; a corrected
// closure moves what is still open, and never what is done. Method: days around the ends of months,
// every state with every step, and random lives of a case's checks against what holds of them.
// row:C14 row:C15
#include "services/casemgmt/followups/retention_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Day = absl::CivilDay;

constexpr auto kPlanned = v1::RETENTION_CHECK_STATE_PLANNED;
constexpr auto kDue = v1::RETENTION_CHECK_STATE_DUE;
constexpr auto kDone = v1::RETENTION_CHECK_STATE_DONE;
constexpr auto kCancelled = v1::RETENTION_CHECK_STATE_CANCELLED;

const base::Uuid kCase = *base::Uuid::Parse("0190aaaa-0000-7000-8000-000000000001");
const base::Uuid kOccurrence = *base::Uuid::Parse("0190aaaa-0000-7000-8000-000000000002");

RetentionCheck Check(Day anchor, int months,
                     v1::RetentionCheckState state = v1::RETENTION_CHECK_STATE_PLANNED) {
  RetentionCheck check = PlanCheck(kCase, anchor, months, kOccurrence, absl::UnixEpoch());
  check.state = state;
  return check;
}

TEST(Checkpoint, IsClampedToTheEndOfAShorterMonth) {
  EXPECT_EQ(CheckpointDay(Day(2024, 11, 30), 3), Day(2025, 2, 28));
  EXPECT_EQ(CheckpointDay(Day(2024, 8, 31), 6), Day(2025, 2, 28));
  EXPECT_EQ(CheckpointDay(Day(2023, 11, 30), 3), Day(2024, 2, 29)) << "a leap year";
  EXPECT_EQ(CheckpointDay(Day(2024, 2, 29), 12), Day(2025, 2, 28));
  EXPECT_EQ(CheckpointDay(Day(2024, 3, 31), 3), Day(2024, 6, 30));
  EXPECT_EQ(CheckpointDay(Day(2024, 5, 15), 3), Day(2024, 8, 15));
}

// A legal period would end on the next business day; a checkpoint does not.
TEST(Checkpoint, StaysOnASundayOrHoliday) {
  EXPECT_EQ(CheckpointDay(Day(2024, 6, 18), 3), Day(2024, 9, 18)) << "Chuseok";
  EXPECT_EQ(CheckpointDay(Day(2024, 6, 1), 3), Day(2024, 9, 1)) << "a Sunday";
}

TEST(RetentionCheck, IsTheSameOneHoweverOftenItIsPlanned) {
  EXPECT_EQ(Check(Day(2024, 6, 1), 3).id, Check(Day(2024, 7, 1), 3).id);
  EXPECT_NE(Check(Day(2024, 6, 1), 3).id, Check(Day(2024, 6, 1), 6).id);
}

TEST(RetentionCheck, IsAskedForFromFourteenDaysBeforeItsDay) {
  const RetentionCheck check = Check(Day(2024, 6, 15), 3);  // 2024-09-15
  EXPECT_EQ(base::ReasonOf(CheckStep(check, RetentionStep::kRecord, Day(2024, 8, 31))),
            "CHECK_EARLY");
  EXPECT_THAT(std::string(CheckStep(check, RetentionStep::kRecord, Day(2024, 8, 31)).message()),
              HasSubstr("2024-09-01"));
  EXPECT_TRUE(CheckStep(check, RetentionStep::kRecord, Day(2024, 9, 1)).ok());
  EXPECT_TRUE(CheckStep(check, RetentionStep::kAttempt, Day(2024, 9, 1)).ok());
  EXPECT_TRUE(CheckStep(check, RetentionStep::kRecord, Day(2025, 9, 1)).ok())
      << "late is better than never";
}

TEST(RetentionCheck, IsLateAfterFourteenDays) {
  RetentionCheck check = Check(Day(2024, 6, 15), 3, kDone);
  EXPECT_FALSE(check.late());
  check.finding = RetentionFinding{.day = Day(2024, 9, 29)};
  EXPECT_FALSE(check.late());
  check.finding->day = Day(2024, 9, 30);
  EXPECT_TRUE(check.late());
}

TEST(RetentionCheck, TakesEveryStepFromItsStatesOnly) {
  const std::map<RetentionStep, std::vector<bool>> table = {
      // from                     PLANNED DUE   DONE  CANCELLED
      {RetentionStep::kAttempt, {true, true, false, false}},
      {RetentionStep::kRecord, {true, true, false, false}},
      {RetentionStep::kCorrect, {false, false, true, false}},
  };
  constexpr v1::RetentionCheckState kStates[] = {kPlanned, kDue, kDone, kCancelled};
  for (const auto& [step, row] : table) {
    for (size_t at = 0; at < row.size(); ++at) {
      const auto status =
          CheckStep(Check(Day(2024, 6, 15), 3, kStates[at]), step, Day(2024, 9, 15));
      EXPECT_EQ(status.ok(), row[at]) << static_cast<int>(step) << " of state " << kStates[at];
      EXPECT_EQ(base::ReasonOf(status), row[at] ? "" : "RETENTION_CHECK_STATE");
    }
  }
}

TEST(Evidence, ShowsWhatWasFoundOutAndNothingElse) {
  using Result = std::pair<v1::RetentionResult, bool>;
  for (const auto& [result, needed] : {Result{v1::RETENTION_RESULT_SAME_EMPLOYER, true},
                                       Result{v1::RETENTION_RESULT_ON_STATUTORY_LEAVE, true},
                                       Result{v1::RETENTION_RESULT_OTHER_EMPLOYER, true},
                                       Result{v1::RETENTION_RESULT_LEFT_LABOUR, true},
                                       Result{v1::RETENTION_RESULT_UNREACHABLE, false},
                                       Result{v1::RETENTION_RESULT_REFUSED, false}}) {
    const auto with = CheckEvidence(result, v1::RETENTION_EVIDENCE_SELF_REPORT);
    const auto without = CheckEvidence(result, v1::RETENTION_EVIDENCE_UNSPECIFIED);
    EXPECT_EQ(with.ok(), needed) << result;
    EXPECT_EQ(without.ok(), !needed) << result;
    EXPECT_THAT(base::FieldsOf(needed ? without : with), ElementsAre("evidence"));
  }
}

// Gives each move an occurrence of its own.
class Occurrences {
 public:
  base::Uuid Next() { return base::Uuid::Derive(kOccurrence, absl::StrCat(++count_)); }

 private:
  int count_ = 0;
};

TEST(Anchor, MovesWhatIsOpenAndNothingElse) {
  Occurrences occurrences;
  for (const auto state : {kPlanned, kDue, kDone, kCancelled}) {
    RetentionCheck check = Check(Day(2024, 8, 31), 6, state);
    const bool open = state == kPlanned || state == kDue;
    EXPECT_EQ(MoveAnchor(check, Day(2024, 9, 10), occurrences.Next()), open);
    EXPECT_EQ(check.due, open ? Day(2025, 3, 10) : Day(2025, 2, 28));
    EXPECT_EQ(check.anchor, open ? Day(2024, 9, 10) : Day(2024, 8, 31));
    EXPECT_EQ(check.occurrence == kOccurrence, !open);
    EXPECT_EQ(check.state, open ? kPlanned : state) << "it is planned again";
  }
}

TEST(Anchor, ThatIsItsOwnMovesNothing) {
  RetentionCheck check = Check(Day(2024, 8, 31), 6, kDue);
  EXPECT_FALSE(MoveAnchor(check, Day(2024, 8, 31), Occurrences().Next()));
  EXPECT_EQ(check.state, kDue);
  EXPECT_EQ(check.occurrence, kOccurrence);
}

// A closure that is a day earlier may have the same checkpoint; it is another occurrence even so.
TEST(Anchor, OfAnotherDayIsAnotherOccurrenceOnTheSameDay) {
  RetentionCheck check = Check(Day(2024, 8, 31), 6, kDue);
  EXPECT_TRUE(MoveAnchor(check, Day(2024, 8, 30), Occurrences().Next()));
  EXPECT_EQ(check.due, Day(2025, 2, 28));
  EXPECT_NE(check.occurrence, kOccurrence);
}

TEST(Anchor, MovesOpenChecksAndNeverDuplicatesADoneOne) {
  const bool holds = rc::check("of any life of three checks", [] {
    Occurrences occurrences;
    std::vector<RetentionCheck> checks;
    for (const int months : {3, 6, 12}) checks.push_back(Check(Day(2024, 1, 31), months));
    std::map<base::Uuid, Day> done;  // where each was done
    Day anchor(2024, 1, 31);
    const auto acts = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange(0, 500)));
    for (const auto& [act, detail] : acts) {
      RetentionCheck& check = checks[detail % checks.size()];
      if (act < 2) {
        anchor = Day(2024, 1, 1) + detail;
        for (RetentionCheck& each : checks) MoveAnchor(each, anchor, occurrences.Next());
      } else if (act == 2 && check.state == kPlanned) {
        check.state = kDue;
      } else if (act == 3 && CheckStep(check, RetentionStep::kRecord, check.due).ok()) {
        check.state = kDone;
        done[check.id] = check.due;
      }
    }
    std::set<base::Uuid> ids;
    for (const RetentionCheck& check : checks) {
      RC_ASSERT(ids.insert(check.id).second);
      if (done.contains(check.id)) {
        RC_ASSERT(check.state == kDone);
        RC_ASSERT(check.due == done[check.id]);
      } else {
        RC_ASSERT(check.waits());
        RC_ASSERT(check.anchor == anchor);
        RC_ASSERT(check.due == CheckpointDay(anchor, check.months));
        RC_ASSERT(absl::CivilMonth(check.due) == absl::CivilMonth(anchor) + check.months);
      }
    }
    RC_ASSERT(AllOver(checks) == (done.size() == checks.size()));
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace ieum::casemgmt
