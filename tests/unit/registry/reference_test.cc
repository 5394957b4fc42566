// Goal: a code is looked up under the key that the tables have, whatever its length.
#include "services/registry/reference/reference.h"

#include <gtest/gtest.h>

namespace ieum::registry {
namespace {

TEST(RegionKey, IsTheProvinceOrTheDistrict) {
  const struct {
    const char* code;
    const char* key;
  } cases[] = {{"26", "26"},       {"26000", "26"},         {"2600000000", "26"},
               {"26110", "26110"}, {"2611010100", "26110"}, {"", ""}};
  for (const auto& one : cases) EXPECT_EQ(RegionKey(one.code), one.key) << one.code;
}

TEST(SignificantRegion, LeavesOutZerosThatSayNoMore) {
  const struct {
    const char* code;
    const char* rest;
  } cases[] = {{"26", "26"},       {"26000", "26"},         {"2600000000", "26"},
               {"26110", "26110"}, {"2611000000", "26110"}, {"2611010100", "2611010100"},
               {"261", "261"}};
  for (const auto& one : cases) EXPECT_EQ(SignificantRegion(one.code), one.rest) << one.code;
}

TEST(KsicDivision, IsTheFirstTwoDigits) {
  EXPECT_EQ(KsicDivision("28111"), "28");
  EXPECT_EQ(KsicDivision("28"), "28");
  EXPECT_EQ(KsicDivision(""), "");
}

// row:R30
TEST(Validity, HoldsOnBothOfItsLastDays) {
  const Validity validity{absl::CivilDay(2023, 6, 11), absl::CivilDay(2026, 6, 30)};
  EXPECT_FALSE(validity.HoldsOn(absl::CivilDay(2023, 6, 10)));
  EXPECT_TRUE(validity.HoldsOn(absl::CivilDay(2023, 6, 11)));
  EXPECT_TRUE(validity.HoldsOn(absl::CivilDay(2026, 6, 30)));
  EXPECT_FALSE(validity.HoldsOn(absl::CivilDay(2026, 7, 1)));
  EXPECT_TRUE(Validity().HoldsOn(absl::CivilDay(1950, 1, 1)));
}

}  // namespace
}  // namespace ieum::registry
