// Goal: what was recommended is looked after on its days, and stands where the check that looked
// last found it. Method: days around their bounds and checks in every order. row:C10
#include "services/casemgmt/engagements/recommendation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

using ::testing::HasSubstr;
using Day = absl::CivilDay;

const base::Uuid kId = *base::Uuid::Parse("0190aaaa-0000-7000-8000-000000000001");

Recommendation Of(Day day, std::vector<int> months = {}) {
  return {.id = kId, .day = day, .checks = PlanChecks(kId, day, std::move(months))};
}

std::vector<Day> DaysOf(const Recommendation& recommendation) {
  std::vector<Day> days;
  for (const AdoptionCheck& check : recommendation.checks) days.push_back(check.due);
  return days;
}

void Find(Recommendation& recommendation, int months, v1::AdoptionOutcome outcome, Day day) {
  AdoptionCheck& check = *CheckAfter(recommendation, months);
  check.state = v1::ADOPTION_CHECK_STATE_DONE;
  check.outcome = outcome;
  check.checked_day = day;
}

TEST(AdoptionChecks, AreThreeSixAndTwelveMonthsLater) {
  EXPECT_THAT(DaysOf(Of(Day(2024, 11, 30))),
              ::testing::ElementsAre(Day(2025, 2, 28), Day(2025, 5, 30), Day(2025, 11, 30)));
  EXPECT_THAT(DaysOf(Of(Day(2024, 4, 15), {6, 1})),
              ::testing::ElementsAre(Day(2024, 5, 15), Day(2024, 10, 15)))
      << "or as many as were asked for, in order";
}

TEST(AdoptionCheck, IsRecordedFromFourteenDaysBeforeItsDay) {
  const Recommendation recommendation = Of(Day(2024, 4, 15));
  EXPECT_EQ(base::ReasonOf(CheckCanLook(recommendation, 3, Day(2024, 6, 30))), "CHECK_EARLY");
  EXPECT_THAT(std::string(CheckCanLook(recommendation, 3, Day(2024, 6, 30)).message()),
              HasSubstr("2024-07-01"));
  EXPECT_TRUE(CheckCanLook(recommendation, 3, Day(2024, 7, 1)).ok());
  EXPECT_TRUE(CheckCanLook(recommendation, 3, Day(2026, 7, 1)).ok());
}

TEST(AdoptionCheck, IsOneOfThoseThatThereAre) {
  Recommendation recommendation = Of(Day(2024, 4, 15));
  const auto none = CheckCanLook(recommendation, 4, Day(2025, 1, 1));
  EXPECT_EQ(base::ReasonOf(none), "RECOMMENDATION_STATE");
  EXPECT_THAT(std::string(none.message()), HasSubstr("3, 6, 12"));
  for (AdoptionCheck& check : recommendation.checks) {
    check.state = v1::ADOPTION_CHECK_STATE_CANCELLED;
  }
  EXPECT_EQ(base::ReasonOf(CheckCanLook(recommendation, 3, Day(2025, 1, 1))),
            "RECOMMENDATION_STATE");
}

TEST(Recommendation, StandsWhereTheLastCheckFoundIt) {
  Recommendation recommendation = Of(Day(2024, 4, 15));
  EXPECT_EQ(StateByChecks(recommendation.checks), v1::RECOMMENDATION_STATE_OPEN);
  Find(recommendation, 6, v1::ADOPTION_OUTCOME_ADOPTED, Day(2024, 10, 15));
  EXPECT_EQ(StateByChecks(recommendation.checks), v1::RECOMMENDATION_STATE_ADOPTED);
  Find(recommendation, 3, v1::ADOPTION_OUTCOME_NOT_ADOPTED, Day(2024, 10, 20));
  EXPECT_EQ(StateByChecks(recommendation.checks), v1::RECOMMENDATION_STATE_ADOPTED)
      << "a check of fewer months that is recorded late says nothing of now";
  Find(recommendation, 12, v1::ADOPTION_OUTCOME_PARTLY, Day(2025, 4, 15));
  EXPECT_EQ(StateByChecks(recommendation.checks), v1::RECOMMENDATION_STATE_PARTLY);
}

TEST(Adoption, IsTheFirstThatWasFound) {
  Recommendation recommendation = Of(Day(2024, 4, 15));
  EXPECT_EQ(FirstAdopted(recommendation.checks), nullptr);
  Find(recommendation, 6, v1::ADOPTION_OUTCOME_ADOPTED, Day(2024, 10, 15));
  Find(recommendation, 12, v1::ADOPTION_OUTCOME_ADOPTED, Day(2025, 4, 15));
  EXPECT_EQ(FirstAdopted(recommendation.checks)->months, 6);
  Find(recommendation, 6, v1::ADOPTION_OUTCOME_PARTLY, Day(2024, 10, 15));
  EXPECT_EQ(FirstAdopted(recommendation.checks)->months, 12) << "that one was a mistake";
}

}  // namespace
}  // namespace ieum::casemgmt
