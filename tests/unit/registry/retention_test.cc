// Goal: the day by which data are to be destroyed, and which data that is today. law:L14 law:L38
#include "services/registry/erasures/retention.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

RetentionRule Rule(const std::string& period, v1::RetentionCounting counting) {
  RetentionRule rule;
  rule.period = ReadPeriod(period).value();
  rule.counting = counting;
  return rule;
}

constexpr auto kFromDay = v1::RETENTION_COUNTING_FROM_DAY;
constexpr auto kFromNextYear = v1::RETENTION_COUNTING_FROM_NEXT_YEAR;

using Day = absl::CivilDay;

struct Case {
  const char* period;
  v1::RetentionCounting counting;
  Day trigger, limit;
};

TEST(RetentionLimit, IsTheSameDayWhateverDayOfTheWeekItIs) {
  const Case cases[] = {
      {"P5D", kFromDay, Day(2024, 8, 12), Day(2024, 8, 17)},  // a Saturday
      {"P5D", kFromDay, Day(2024, 9, 11), Day(2024, 9, 16)},  // Chuseok
      {"P5D", kFromDay, Day(2024, 12, 27), Day(2025, 1, 1)},  // New Year
      {"P1Y", kFromDay, Day(2024, 2, 29), Day(2025, 2, 28)},  // no such day
      {"P6M", kFromDay, Day(2024, 8, 31), Day(2025, 2, 28)},  // no such day
      {"P3Y", kFromDay, Day(2024, 8, 12), Day(2027, 8, 12)},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(LimitDay(Rule(each.period, each.counting), each.trigger), each.limit)
        << each.period << " " << each.trigger;
  }
}

// 공공기록물법 시행령 제26조: classes of 1, 3, 5, 10 and 30 years. law:L38
TEST(RetentionLimit, OfPublicRecordsCountsFromTheFirstDayOfTheNextYear) {
  for (const int years : {1, 3, 5, 10, 30}) {
    const RetentionRule rule = Rule("P" + std::to_string(years) + "Y", kFromNextYear);
    for (const absl::CivilDay completed :
         {absl::CivilDay(2024, 1, 1), absl::CivilDay(2024, 2, 29), absl::CivilDay(2024, 12, 31)}) {
      EXPECT_EQ(LimitDay(rule, completed), absl::CivilDay(2025 + years, 1, 1)) << completed;
    }
    EXPECT_EQ(LastTriggerDay(rule, Day(2025 + years, 1, 1)), absl::CivilDay(2024, 12, 31));
    EXPECT_EQ(LastTriggerDay(rule, Day(2024 + years, 12, 31)), absl::CivilDay(2023, 12, 31));
  }
}

TEST(RetentionLimit, SaysExactlyWhatIsOver) {
  rc::check([] {
    const char unit = *rc::gen::element('D', 'M', 'Y');
    const int count = *rc::gen::inRange(1, 40);
    const RetentionRule rule =
        Rule("P" + std::to_string(count) + unit, *rc::gen::element(kFromDay, kFromNextYear));
    const absl::CivilDay today = absl::CivilDay(2020, 1, 1) + *rc::gen::inRange(0, 4000);
    const absl::CivilDay last = LastTriggerDay(rule, today);
    RC_ASSERT(LimitDay(rule, last) <= today);
    RC_ASSERT(LimitDay(rule, last + 1) > today);
  });
}

TEST(RetentionPeriod, IsAWholeNumberOfOneUnit) {
  for (const char* wrong : {"", "P", "P5", "5D", "P0D", "P-1D", "P1Y6M", "PT5H", "P5W"}) {
    EXPECT_FALSE(ReadPeriod(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace ieum::registry
