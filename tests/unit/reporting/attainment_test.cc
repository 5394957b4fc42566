// row:P13 rates and statuses; every rounding trap of a results report.
#include "services/reporting/metrics/attainment.h"

#include <gtest/gtest.h>

namespace ieum::reporting {
namespace {

struct Case {
  const char *actual, *target;
  v1::Direction direction;
  const char* rate;
  v1::MetricStatus status;
};

class Attains : public ::testing::TestWithParam<Case> {};

TEST_P(Attains, PrintsOneDecimalHalfUpAndJudgesTheUnroundedRate) {
  const Case& c = GetParam();
  const Attainment attainment = Attain(*base::Decimal::Parse(c.actual), c.target, c.direction);
  EXPECT_EQ(attainment.rate_percent, c.rate);
  EXPECT_EQ(attainment.status, c.status);
}

constexpr auto kHigher = v1::DIRECTION_HIGHER;
constexpr auto kLower = v1::DIRECTION_LOWER;

INSTANTIATE_TEST_SUITE_P(
    Table, Attains,
    ::testing::Values(Case{"24", "24", kHigher, "100.0", v1::METRIC_STATUS_MET},
                      Case{"231", "240", kHigher, "96.3", v1::METRIC_STATUS_NEAR},  // 96.25
                      Case{"11", "12", kHigher, "91.7", v1::METRIC_STATUS_NEAR},
                      Case{"9996", "10000", kHigher, "100.0", v1::METRIC_STATUS_NEAR},  // 99.96
                      Case{"8999", "10000", kHigher, "90.0", v1::METRIC_STATUS_NOT_MET},
                      Case{"90", "100", kHigher, "90.0", v1::METRIC_STATUS_NEAR},
                      Case{"18", "15", kHigher, "120.0", v1::METRIC_STATUS_MET},
                      Case{"0", "5", kHigher, "0.0", v1::METRIC_STATUS_NOT_MET},
                      Case{"160", "150", kLower, "93.8", v1::METRIC_STATUS_NEAR},  // 93.75
                      Case{"120", "150", kLower, "125.0", v1::METRIC_STATUS_MET}));

TEST(Attain, SaysNothingWithoutATarget) {
  const Attainment attainment = Attain(base::Decimal(32), "", kHigher);
  EXPECT_EQ(attainment.rate_percent, "");
  EXPECT_EQ(attainment.status, v1::METRIC_STATUS_NONE);
}

TEST(Attain, SaysNothingWhenALowerActualIsZero) {
  EXPECT_EQ(Attain(base::Decimal(0), "5", kLower).rate_percent, "");
}

// Retention at 3 and 6 months and plans on time of a year's report.
TEST(Attain, JudgesAQuotientThatHasNoEndByItself) {
  const auto of = [](int64_t top, int64_t bottom, const char* target,
                     v1::Direction direction = kHigher) {
    return Attain(base::Decimal(top * 100), base::Decimal(bottom), target, direction);
  };
  EXPECT_EQ(of(38, 41, "90.0").rate_percent, "103.0");
  EXPECT_EQ(of(20, 22, "85.0").rate_percent, "107.0");
  EXPECT_EQ(of(55, 58, "95.0").rate_percent, "99.8");
  EXPECT_EQ(of(55, 58, "95.0").status, v1::METRIC_STATUS_NEAR);
  EXPECT_EQ(of(19, 20, "95.0").status, v1::METRIC_STATUS_MET);
  EXPECT_EQ(of(1, 3, "30.0", kLower).rate_percent, "90.0");
  EXPECT_EQ(of(0, 0, "80.0").rate_percent, "");
  EXPECT_EQ(of(0, 0, "80.0").status, v1::METRIC_STATUS_NONE);
  EXPECT_EQ(of(1, 1'000'000'000'000, "123456789").rate_percent, "") << "too great to be exact";
}

TEST(StepRate, IsEmptyAfterAZero) {
  EXPECT_EQ(StepRate(26, 33), "78.8");
  EXPECT_EQ(StepRate(0, 0), "");
}

}  // namespace
}  // namespace ieum::reporting
