// Goal: whatever dies and whatever comes twice, every total of the year is the same. Method: the
// same year while each service, the broker and PostgreSQL are killed with -9 at seeded places,
// notify in the middle of mails too; some of all events are delivered again in any order, and some
// ahead of others that come before them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/audit/suite_subject.h"
#include "tests/flows/overtaking.h"
#include "tests/flows/played_year.h"
#include "tests/flows/redelivery.h"
#include "tests/flows/sightings.h"
#include "tests/flows/strikes.h"
#include "tools/play/expectations.h"

namespace ieum::testing {
namespace {

using ::testing::_;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr uint64_t kSeed = 20230206;
constexpr absl::Duration kPatience = absl::Minutes(3);
constexpr double kShare = 0.08;     // of the events are drawn …
constexpr double kShareMin = 0.05;  // … so that consumers see at least so many again
constexpr size_t kOvertakings = 10;

// Two events of registry follow from it, of one enrolment: applied, and the verdict.
bool ReceivesCampaignForm(const play::Action& action) {
  return action.verb == "application.receive" &&
         action.fields.value("application", "").ends_with("-C-A");
}

// Where registry's events overtake each other: drawn, and where nothing is killed.
std::set<size_t> Places(const play::Scenario& scenario, const Strikes& strikes) {
  std::vector<size_t> places;
  for (size_t index = 1; index < scenario.actions.size(); ++index) {
    const bool calm = !strikes.At(index) && !strikes.At(index - 1);
    if (calm && ReceivesCampaignForm(scenario.actions[index])) places.push_back(index);
  }
  std::mt19937_64 random(kSeed);
  std::shuffle(places.begin(), places.end(), random);
  places.resize(std::min(places.size(), kOvertakings));
  return {places.begin(), places.end()};
}

// What the consumers saw, not what was sent to them.
void ExpectTrouble(const Sightings& seen, const Overtaking& overtaking) {
  EXPECT_GE(seen.repeats(), kShareMin * seen.consumed());
  EXPECT_EQ(overtaking.overtakings(), static_cast<int>(kOvertakings));
  // A consumer that was killed before it had said so has repaired, too; most say so.
  EXPECT_GE(seen.repairs(), overtaking.overtakings());
  std::printf("consumers applied %.0f events, saw %.0f again, filled %.0f holes; %d overtakings\n",
              seen.consumed(), seen.repeats(), seen.repairs(), overtaking.overtakings());
}

// A message whose outcome is not known counts: it may be there, and nothing else may be missing.
void ExpectMessages(const play::Results& results, const nlohmann::json& expected) {
  const play::MessageCounts& messages = results.messages;
  const int handed_over = messages.total - messages.in_doubt;
  EXPECT_EQ(handed_over + messages.in_doubt, expected["messages"]["total"].get<int>());
  EXPECT_EQ(messages.other, 0);
  EXPECT_EQ(results.balance.in_doubt, messages.in_doubt);
  EXPECT_GE(results.mails.received, handed_over);
  EXPECT_LE(results.mails.received, messages.total);
  EXPECT_EQ(results.mails.distinct_ids, results.mails.received);
  std::printf("messages: %d handed over + %d in doubt; %d mails came\n", handed_over,
              messages.in_doubt, results.mails.received);
}

TEST(YearWithFaults, GivesTheSameTotals) {
  PlayedYear year(BusanYear(), kPatience);
  Sightings seen(year.suite());
  Strikes strikes(year.suite(), seen, year.scenario().actions.size(), kSeed);
  Overtaking overtaking(year.suite(), "registry", Places(year.scenario(), strikes));
  Redelivery redelivery(year.suite(), kShare, kSeed);
  ASSERT_TRUE(year.Play({.before_call =
                             [&](size_t index) {
                               strikes.BeforeCall(index);
                               overtaking.BeforeCall(index);
                             },
                         .after_call =
                             [&](size_t index) {
                               overtaking.AfterCall(index);
                               redelivery.Step();
                               strikes.AfterCall(index);
                             }}));
  strikes.End();
  redelivery.Step();
  redelivery.Finish();
  ASSERT_TRUE(year.suite().WaitSettled());
  EXPECT_THAT(strikes.kills(), SizeIs(kServices.size() + 2));
  EXPECT_THAT(strikes.kills(), Each(Pair(_, Ge(1))));
  EXPECT_GE(strikes.mail_kills(), 1);
  for (const std::string& service : kServices) seen.Note(service);
  ExpectTrouble(seen, overtaking);
  const play::Results results = year.Read();
  EXPECT_THAT(play::Differences(year.scenario().expected, play::Observed(results)), IsEmpty());
  EXPECT_THAT(play::Contradictions(results), IsEmpty());
  ExpectMessages(results, year.scenario().expected);
  for (const std::string& service : kServices) {
    EXPECT_TRUE(year.suite().Running(service)) << service << " ended unasked";
  }
  // The holes that were made in registry's stream, each once, and nothing else.
  EXPECT_THAT(AuditSuite(year.suite()),
              ElementsAre(StartsWith(
                  absl::StrCat("INV4 is broken ", overtaking.overtakings(), " times,"))));
}

}  // namespace
}  // namespace ieum::testing
