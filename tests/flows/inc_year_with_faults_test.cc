// Goal: whatever dies and whatever comes twice, the figures and the messages of 2024 are the same.
// Method: the same year while each service, the broker and PostgreSQL are killed with -9 at seeded
// places, notify in the middle of mails too, and some of all events are delivered again in any
// order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/audit/suite_subject.h"
#include "tests/flows/played_year.h"
#include "tests/flows/redelivery.h"
#include "tests/flows/sightings.h"
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

constexpr uint64_t kSeed = 20240108;
constexpr absl::Duration kPatience = absl::Minutes(3);
constexpr double kShare = 0.06;     // of the events are drawn …
constexpr double kShareMin = 0.05;  // … so that consumers see at least so many again

TEST(IncYearWithFaults, GivesTheSameTotals) {
  PlayedYear year(IncheonYear(), kPatience);
  Sightings seen(year.suite());
  Strikes strikes(year.suite(), seen, year.scenario().actions.size(), kSeed);
  Redelivery redelivery(year.suite(), kShare, kSeed);
  ASSERT_TRUE(year.Play({.before_call = [&](size_t index) { strikes.BeforeCall(index); },
                         .after_call =
                             [&](size_t index) {
                               redelivery.Step();
                               strikes.AfterCall(index);
                             }}));
  strikes.End();
  redelivery.Step();
  redelivery.Finish();
  ASSERT_TRUE(year.suite().WaitSettled());
  EXPECT_THAT(strikes.kills(), SizeIs(kServices.size() + 2));
  EXPECT_THAT(strikes.kills(), Each(Pair(_, Ge(1))));
  for (const std::string& service : kServices) seen.Note(service);
  EXPECT_GE(seen.repeats(), kShareMin * seen.consumed());
  std::printf("consumers applied %.0f events, saw %.0f again\n", seen.consumed(), seen.repeats());
  const play::Results results = year.Read();
  EXPECT_THAT(play::Differences(year.scenario().expected, play::Observed(results)), IsEmpty());
  EXPECT_THAT(play::Contradictions(results), IsEmpty());
  EXPECT_EQ(results.mails.distinct_ids, results.mails.received);
  for (const std::string& service : kServices) {
    EXPECT_TRUE(year.suite().Running(service)) << service << " ended unasked";
  }
  EXPECT_THAT(AuditSuite(year.suite()), IsEmpty());
}

}  // namespace
}  // namespace ieum::testing
