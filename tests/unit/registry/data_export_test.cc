// Goal: a request for one's own data is answered in time, counted as the law counts, and ends once.
// Method: days before and across holidays; every way to end a request, and to end it again.
#include "services/registry/exports/data_export.h"

#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::registry {
namespace {

using absl::CivilDay;

const base::BusinessCalendar& Holidays() {
  static const auto* calendar = new base::BusinessCalendar(
      {CivilDay(2024, 8, 15), CivilDay(2024, 9, 16), CivilDay(2024, 9, 17), CivilDay(2024, 9, 18),
       CivilDay(2024, 10, 1), CivilDay(2024, 10, 3), CivilDay(2024, 10, 9)});
  return *calendar;
}

// law:L16 law:L41
TEST(AnswerDue, IsTheTenthDayAfterThatOfReceipt) {
  EXPECT_EQ(AnswerDueDay(CivilDay(2024, 8, 12), Holidays()), CivilDay(2024, 8, 22));
}

TEST(AnswerDue, MovesBehindTheWeekendAndTheHolidaysOnWhichItWouldEnd) {
  // The tenth day is Sunday 15 September, and Chuseok follows.
  EXPECT_EQ(AnswerDueDay(CivilDay(2024, 9, 5), Holidays()), CivilDay(2024, 9, 19));
  // Holidays on the way count.
  EXPECT_EQ(AnswerDueDay(CivilDay(2024, 9, 9), Holidays()), CivilDay(2024, 9, 19));
}

TEST(AnswerDue, IsTheTenthDayItselfInAYearWhoseHolidaysAreNotKnown) {
  // A Thursday and a Sunday: nothing is moved by guessing.
  EXPECT_EQ(AnswerDueDay(CivilDay(2031, 3, 3), Holidays()), CivilDay(2031, 3, 13));
  EXPECT_EQ(AnswerDueDay(CivilDay(2031, 3, 6), Holidays()), CivilDay(2031, 3, 16));
}

TEST(AnswerDue, IsToldOnceThreeDaysBefore) {
  DataExport request;
  request.due = CivilDay(2024, 8, 22);
  EXPECT_FALSE(IsToBeTold(request, CivilDay(2024, 8, 18)));
  EXPECT_TRUE(IsToBeTold(request, CivilDay(2024, 8, 19)));
  EXPECT_TRUE(IsToBeTold(request, CivilDay(2024, 9, 19))) << "late is better than never";
  request.due_told_at = absl::Now();
  EXPECT_FALSE(IsToBeTold(request, CivilDay(2024, 8, 20)));
  request.due_told_at.reset();
  request.outcome = v1::DATA_EXPORT_OUTCOME_REFUSED;
  EXPECT_FALSE(IsToBeTold(request, CivilDay(2024, 8, 20)));
}

TEST(Settling, NeedsTheHashOfWhatWasHandedOverAndOfNothingElse) {
  const std::string hash(64, 'a');
  for (const auto outcome : {v1::DATA_EXPORT_OUTCOME_REFUSED, v1::DATA_EXPORT_OUTCOME_TAKEN_BACK}) {
    DataExport request;
    EXPECT_EQ(base::FieldsOf(Settle(&request, outcome, hash, absl::Now())),
              std::vector<std::string>{"file_hash"});
    EXPECT_FALSE(request.settled_at) << "nothing half done";
    EXPECT_TRUE(Settle(&request, outcome, "", absl::Now()).ok());
  }
  DataExport request;
  const auto handed_over = v1::DATA_EXPORT_OUTCOME_HANDED_OVER;
  EXPECT_EQ(base::ReasonOf(Settle(&request, handed_over, "", absl::Now())), "INVALID_FIELD");
  EXPECT_TRUE(Settle(&request, handed_over, hash, absl::Now()).ok());
  EXPECT_EQ(base::ReasonOf(Settle(&request, handed_over, hash, absl::Now())),
            "DATA_EXPORT_SETTLED");
}

}  // namespace
}  // namespace ieum::registry
