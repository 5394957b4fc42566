// Goal: refusals are written down as far as they do not stand in the way of others' calls. Method:
// callers and instants by hand.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/rpc/disclosure.h"

namespace ieum::rpc {
namespace {

constexpr int kOfOne = RefusalAllowance::kOfOne;
constexpr int kOfAll = RefusalAllowance::kOfAll;

int Taken(RefusalAllowance& allowance, const std::string& account, absl::Time at, int times) {
  int taken = 0;
  for (int n = 0; n < times; ++n) taken += allowance.Take(account, at) ? 1 : 0;
  return taken;
}

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

TEST(RefusalAllowance, IsOfEachAccountAndOfAllStrangersTogether) {
  RefusalAllowance allowance;
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow, 500), kOfOne);
  EXPECT_EQ(Taken(allowance, "staff/lee", kNow, 1), 1);
  EXPECT_EQ(Taken(allowance, "", kNow, 500), kOfOne);
}

TEST(RefusalAllowance, ComesAnewWithTheNextSecond) {
  RefusalAllowance allowance;
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow, 500), kOfOne);
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow + absl::Milliseconds(999), 500), 0);
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow + absl::Seconds(1), 500), kOfOne);
  // One that was begun in the second before and comes late does not begin it anew.
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow, 500), 0);
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow + absl::Seconds(1), 500), 0);
  // A clock that was set back does not leave everybody out until it is where it was.
  EXPECT_EQ(Taken(allowance, "staff/kim", kNow - absl::Hours(1), 500), kOfOne);
}

TEST(RefusalAllowance, IsBoundedForAllAccountsTogether) {
  RefusalAllowance allowance;
  int taken = 0;
  for (int account = 0; account < 5000; ++account) {
    taken += Taken(allowance, absl::StrCat("staff/", account), kNow, 2);
  }
  EXPECT_EQ(taken, kOfAll);
}

}  // namespace
}  // namespace ieum::rpc
