// Goal: a scope holds the centres that it was made of and nothing by mistake.
#include "platform/base/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kA[] = "0190b0c0-0000-7000-8000-00000000000a";
constexpr char kB[] = "0190b0c0-0000-7000-8000-00000000000b";

TEST(Scope, HoldsNothingAtFirst) {
  EXPECT_TRUE(Scope().empty());
  EXPECT_FALSE(Scope().Holds(kA));
  EXPECT_FALSE(Scope().Holds(""));
  EXPECT_EQ(Scope().AsArray(), "{}");
  EXPECT_EQ(Scope(), Scope::Of({}));
}

TEST(Scope, HoldsEveryCentreAndTheSuiteWhenEverywhere) {
  const Scope everywhere = Scope::Everywhere();
  EXPECT_TRUE(everywhere.everywhere());
  EXPECT_FALSE(everywhere.empty());
  EXPECT_TRUE(everywhere.Holds(kA));
  EXPECT_TRUE(everywhere.Holds(""));
  EXPECT_THAT(everywhere.centres(), IsEmpty());
}

TEST(Scope, HoldsItsCentresOnceAndInOrder) {
  const Scope scope = Scope::Of({kB, kA, kB});
  EXPECT_FALSE(scope.everywhere());
  EXPECT_THAT(scope.centres(), ElementsAre(kA, kB));
  EXPECT_TRUE(scope.Holds(kA));
  EXPECT_FALSE(scope.Holds("0190b0c0-0000-7000-8000-00000000000c"));
  EXPECT_EQ(scope.AsArray(), absl::StrCat("{", kA, ",", kB, "}"));
  EXPECT_EQ(scope, Scope::Of({kA, kB}));
}

TEST(Scope, OfCentresDoesNotHoldTheSuitesRows) {
  EXPECT_FALSE(Scope::Of({kA}).Holds(""));
  EXPECT_FALSE(Scope::Of({""}).Holds(""));
}

}  // namespace
}  // namespace ieum::base
