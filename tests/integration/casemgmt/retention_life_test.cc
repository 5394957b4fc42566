// Goal: whatever people do with a closed case, events alone give the rates that the tables have.
// Method: random lives of cases, closures corrected and cases reopened among them. row:C15
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "tests/integration/casemgmt/retention_world.h"

namespace ieum::casemgmt::testing {
namespace {

constexpr auto kSame = v1::RETENTION_RESULT_SAME_EMPLOYER;
constexpr auto kLeave = v1::RETENTION_RESULT_ON_STATUTORY_LEAVE;

// Whatever people do in whatever order: what events say is what the tables say, and nobody is
// retained who is not counted as asked. row:C16
TEST(RetentionLife, IsExplainedByItsEvents) {
  World world{"2024-09-01 09:30"};
  Retention retention{world};
  absl::CivilDay today(2024, 9, 1);
  const bool holds = rc::check("the rates of events are those of the rows", [&] {
    const base::Uuid id = retention.Closed({.day = base::FormatDay(today)});
    const auto acts = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::inRange(0, 60)));
    for (const auto& [act, detail] : acts) {
      const int months = detail % 3 == 0 ? 3 : detail % 3 == 1 ? 6 : 12;
      const auto result = static_cast<v1::RetentionResult>(1 + detail % 6);
      if (act == 0) {
        today += detail;
        world.SetClock(absl::StrCat(base::FormatDay(today), " 09:30"));
      } else if (act == 1) {
        retention.Settle();
      } else if (act == 2) {
        (void)retention.Correct(id, base::FormatDay(today - detail));
      } else if (act == 3) {
        (void)retention.Record(id, months, result);
      } else if (act == 4) {
        (void)retention.Replace(id, months, static_cast<v1::RetentionResult>(1 + detail % 4));
      } else if (detail == 0) {
        (void)retention.Reopen(id);
      }
    }
    for (const int months : {3, 6, 12}) {
      const RetentionCheck check = retention.Check(id, months);
      const Rates rates = retention.RatesOf({id}, months);
      const bool due = check.state == v1::RETENTION_CHECK_STATE_DUE ||
                       check.state == v1::RETENTION_CHECK_STATE_DONE;
      RC_ASSERT(rates.due == (due ? 1 : 0));
      const bool retained =
          check.finding && (check.finding->result == kSame || check.finding->result == kLeave);
      RC_ASSERT(rates.retained == (retained ? 1 : 0));
      RC_ASSERT(rates.retained <= rates.due && rates.retained <= rates.continued);
      RC_ASSERT(check.due == CheckpointDay(check.anchor, months));
    }
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
