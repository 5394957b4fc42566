// Goal: whatever came out wrong is told, and nothing else. Method: results that are right, each
// time with one thing made wrong.
#include "tools/play/expectations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/play/results_sample.h"

namespace ieum::play {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Differences, AreNoneBetweenEqualValues) {
  const json observed = Observed(SampleResults());
  EXPECT_THAT(Differences(observed, observed), IsEmpty());
  EXPECT_EQ(observed["metrics"]["B04"]["actual"], "24");
  EXPECT_EQ(observed["other_indicators"]["B04-LEADS"], "41");
  EXPECT_EQ(observed["funnels"]["CAMPAIGN"], json({41, 33, 24}));
  EXPECT_EQ(observed["reminders"]["VISIT-D-3"]["released"], 3);
}

TEST(Differences, NameTheValueThatDiffers) {
  json expected = Observed(SampleResults());
  expected["reminders"]["VISIT-D-3"]["released"] = 4;
  expected["funnels"]["CAMPAIGN"][1] = 32;
  EXPECT_THAT(Differences(expected, Observed(SampleResults())),
              ElementsAre("funnels.CAMPAIGN: expected [41,32,24], came [41,33,24]",
                          "reminders.VISIT-D-3.released: expected 4, came 3"));
}

TEST(Differences, NameWhatIsMissingAndWhatNobodyExpected) {
  EXPECT_THAT(Differences({{"a", 1}, {"b", 2}}, {{"b", 2}, {"c", 3}}),
              ElementsAre("a: expected 1, came nothing", "c: expected nothing, came 3"));
}

TEST(CountValues, CountsEachNumberAndTextOnce) {
  EXPECT_EQ(CountValues({{"a", 1}, {"b", {1, 2}}, {"c", {{"d", "x"}}}}), 4);
}

TEST(Contradictions, AreNoneInAYearThatAddsUp) {
  EXPECT_THAT(Contradictions(SampleResults()), IsEmpty());
}

TEST(Contradictions, NameAFigureThatItsEventsDoNotExplain) {
  Results results = SampleResults();
  results.figures[0].made = 23;
  EXPECT_THAT(Contradictions(results), ElementsAre(HasSubstr("B04: 25 events explain 23")));
}

TEST(Observed, TellsRemindersThatStillWaitWhereThereAreSome) {
  Results results = SampleResults();
  EXPECT_FALSE(Observed(results)["reminders"]["VISIT-D-3"].contains("pending"));
  results.reminders[0].pending = 1;
  EXPECT_EQ(Observed(results)["reminders"]["VISIT-D-3"]["pending"], 1);
}

// A retention rate: 38 of 41.
TEST(Contradictions, NameARatioThatItsEventsDoNotExplain) {
  Results results = SampleResults();
  Figure& figure = results.figures[0];
  figure.metric.set_actual("92.682927");
  figure.metric.set_numerator("38");
  figure.metric.set_denominator("41");
  figure.metric.set_factor(100);
  figure.made = 38;
  figure.made_below = 41;
  EXPECT_THAT(Contradictions(results), IsEmpty());
  figure.made_below = 40;
  EXPECT_THAT(Contradictions(results),
              ElementsAre(HasSubstr("explain 38 over 40, but the actual is 92.682927")));
}

TEST(Contradictions, NameABalanceThatDoesNotAddUp) {
  Results results = SampleResults();
  results.balance.planned = 7;
  EXPECT_THAT(Contradictions(results), ElementsAre(HasSubstr("do not balance")));
}

TEST(Contradictions, NameMailsThatNobodySentOrThatCameTwice) {
  Results results = SampleResults();
  results.mails.received = 5;
  EXPECT_THAT(Contradictions(results),
              ElementsAre(HasSubstr("5 mails came with 4 different Message-IDs"),
                          HasSubstr("5 mails came, 4 were handed over")));
}

// row:X8
TEST(Contradictions, AllowAMessageInDoubtToHaveComeOrNot) {
  Results results = SampleResults();
  results.messages.in_doubt = 1;
  EXPECT_THAT(Contradictions(results), IsEmpty());
  results.mails = {true, 3, 3};
  EXPECT_THAT(Contradictions(results), IsEmpty());
  results.mails = {true, 2, 2};
  EXPECT_THAT(Contradictions(results), ElementsAre(HasSubstr("2 mails came")));
}

}  // namespace
}  // namespace ieum::play
