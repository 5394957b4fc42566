// Goal: whatever dies and whatever comes twice, every total of the year is the same. Method: the
// same year while each service, the broker and PostgreSQL are killed with -9 at seeded places and
// some of all events are delivered again, late and out of order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/flows/played_year.h"
#include "tests/flows/redelivery.h"
#include "tests/flows/strikes.h"
#include "tools/play/expectations.h"

namespace ieum::testing {
namespace {

using ::testing::_;
using ::testing::Each;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr uint64_t kSeed = 20230206;
constexpr absl::Duration kPatience = absl::Minutes(3);
constexpr double kShare = 0.08;     // drawn for each event …
constexpr double kShareMin = 0.05;  // … so that at least so many are delivered again

TEST(YearWithFaults, GivesTheSameTotals) {
  PlayedYear year(BusanYear(), kPatience);
  Strikes strikes(year.suite(), year.scenario().actions.size(), kSeed);
  Redelivery redelivery(year.suite().nats().url(), kServices, kShare, kSeed);
  ASSERT_TRUE(year.Play({.before_call = [&](size_t index) { strikes.BeforeCall(index); },
                         .after_call =
                             [&](size_t index) {
                               redelivery.Step();
                               strikes.AfterCall(index);
                             }}));
  strikes.Finish();
  redelivery.Step();
  redelivery.Finish();
  ASSERT_TRUE(year.suite().WaitSettled());
  EXPECT_THAT(strikes.kills(), SizeIs(kServices.size() + 2));
  EXPECT_THAT(strikes.kills(), Each(Pair(_, Ge(1))));
  EXPECT_GE(redelivery.redelivered(), kShareMin * redelivery.seen());
  const play::Results results = year.Read();
  EXPECT_THAT(play::Differences(year.scenario().expected, play::Observed(results)), IsEmpty());
  EXPECT_THAT(play::Contradictions(results), IsEmpty());
  EXPECT_EQ(results.messages.other, 0);
  for (const std::string& service : kServices) {
    EXPECT_TRUE(year.suite().Running(service)) << service << " ended unasked";
  }
}

}  // namespace
}  // namespace ieum::testing
