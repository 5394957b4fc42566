// Goal: what somebody makes belongs to a centre that he acts for, and he is asked only when he has
// a choice.
#include "platform/base/chosen_centre.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"

namespace ieum::base {
namespace {

using ::testing::ElementsAre;

const Uuid kOne = *Uuid::Parse("0190c0de-0000-7000-8000-0000000000a0");
const Uuid kTwo = *Uuid::Parse("0190c0de-0000-7000-8000-0000000000b0");

Scope Of(const Uuid& centre) { return Scope::Of({centre.ToString()}); }

TEST(ChosenCentre, IsTheOnlyOne) {
  EXPECT_EQ(ChosenCentre(Of(kOne), std::nullopt, "centre").value(), kOne);
  EXPECT_EQ(ChosenCentre(Of(kOne), kOne, "centre").value(), kOne);
}

TEST(ChosenCentre, IsTheSuiteForWhoActsForIt) {
  EXPECT_EQ(ChosenCentre(Scope::Everywhere(), std::nullopt, "centre").value(), std::nullopt);
  EXPECT_EQ(ChosenCentre(Scope::Everywhere(), kTwo, "centre").value(), kTwo);
}

TEST(ChosenCentre, HasToBeSaidByWhoHasAChoiceOrNone) {
  for (const Scope& scope : {Scope::Of({kOne.ToString(), kTwo.ToString()}), Scope()}) {
    const absl::Status refused = ChosenCentre(scope, std::nullopt, "thing.centre").status();
    EXPECT_EQ(ReasonOf(refused), "INVALID_FIELD");
    EXPECT_THAT(FieldsOf(refused), ElementsAre("thing.centre"));
  }
}

TEST(ChosenCentre, IsNeverAnothers) {
  const absl::Status refused = ChosenCentre(Of(kOne), kTwo, "centre").status();
  EXPECT_EQ(ReasonOf(refused), "INVALID_FIELD");
  EXPECT_EQ(std::string(refused.message()).find(kTwo.ToString()), std::string::npos);
  EXPECT_FALSE(ChosenCentre(Scope(), kOne, "centre").ok());
}

TEST(CentreText, IsEmptyForTheSuite) {
  EXPECT_EQ(CentreText(std::nullopt), "");
  EXPECT_EQ(CentreText(kOne), kOne.ToString());
}

}  // namespace
}  // namespace ieum::base
