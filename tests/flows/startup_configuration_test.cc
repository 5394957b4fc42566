// Goal: whoever starts a service wrongly is told everything that is wrong at once, in the log and
// in words. Method: the real processes, with faults planted into an environment that is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "tests/flows/newcomer.h"
#include "tests/flows/suite.h"

namespace ieum::testing {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr int kBadConfiguration = 2;
constexpr char kNowhere[] = "nats://127.0.0.1:1";  // nothing here gets as far as the broker
constexpr char kNoDatabase[] = "host=/nowhere";

class Startup : public ::testing::TestWithParam<std::string> {
 protected:
  Newcomer newcomer_{GetParam(), kNoDatabase, kNowhere};
};

TEST_P(Startup, NamesEveryFaultOfTheConfiguration) {
  newcomer_.Set("IEUM_GRPC_PORT", "seventy");
  newcomer_.Set("IEUM_DB", "");
  newcomer_.Spoil("IEUM_SEAL_KEY_FILE", "too short");
  newcomer_.Spoil("IEUM_TOKENS_FILE", R"([{"subject": "staff/kim"}])");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(
      newcomer_.Reasons(),
      UnorderedElementsAre(AllOf(StartsWith("IEUM_GRPC_PORT is 'seventy'"),
                                 HasSubstr("whole number from 0 to 65535")),
                           StartsWith("IEUM_DB is not set"), StartsWith("IEUM_SEAL_KEY_FILE: "),
                           StartsWith("IEUM_TOKENS_FILE: ")));
  // The same for human eyes: lines that are not JSON.
  for (const std::string& reason : newcomer_.Reasons()) {
    EXPECT_THAT(newcomer_.Output(), HasSubstr("\n" + reason + "\n"));
  }
  EXPECT_THAT(newcomer_.Output(), Not(HasSubstr("too short")));
}

TEST_P(Startup, RefusesASimulatedClockThatIsNotAllowed) {
  newcomer_.Set("IEUM_CLOCK", "simulated");
  EXPECT_EQ(newcomer_.Run(), kBadConfiguration);
  EXPECT_THAT(newcomer_.Reasons(), ElementsAre(HasSubstr("IEUM_SIMULATED_CLOCK_ALLOWED")));
}

TEST_P(Startup, RefusesAWordThatItDoesNotKnow) {
  EXPECT_EQ(newcomer_.Run("migraet"), kBadConfiguration);
  EXPECT_THAT(newcomer_.Output(), AllOf(HasSubstr("migraet"), HasSubstr("--help")));
}

TEST_P(Startup, ShowsTheTableOfItsVariables) {
  newcomer_.Set("IEUM_GRPC_PORT", "seventy");  // help is given to those who went wrong, too
  EXPECT_EQ(newcomer_.Run("--help"), 0);
  const std::string help = newcomer_.Output();
  for (const char* row :
       {"IEUM_GRPC_PORT +0 +.*gRPC", "IEUM_DB +\\(required\\) +PostgreSQL",
        "IEUM_NATS_URL +nats://[^ ]+ +broker", "IEUM_CLOCK +system +business time",
        "IEUM_LOG_LEVEL +info +debug", "IEUM_SEAL_KEY_FILE +\\(required\\) +"}) {
    EXPECT_THAT(help, ContainsRegex(row));
  }
  EXPECT_EQ(absl::StrContains(help, "IEUM_SMTP_URL"), GetParam() == "notify");
}

INSTANTIATE_TEST_SUITE_P(Service, Startup, ::testing::ValuesIn(kServices),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace ieum::testing
