// Goal: a scenario's data are checked before anything is played, and every fault is named with file
// and entry. Method: the real scenario, each time copied with one thing made wrong.
#include "tools/play/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/process.h"

namespace ieum::play {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const char kScenario[] = IEUM_SOURCE_DIR "/scenarios/bsn-2023";

class ScenarioCopy : public ::testing::Test {
 protected:
  ScenarioCopy() {
    std::filesystem::copy(kScenario, folder_, std::filesystem::copy_options::recursive);
  }

  // Replaces the first `from` of a file.
  void Change(const std::string& file, const std::string& from, const std::string& to) {
    std::ifstream in(folder_ + "/" + file);
    std::stringstream text;
    text << in.rdbuf();
    std::string changed = text.str();
    const size_t at = changed.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    std::ofstream(folder_ + "/" + file) << changed.replace(at, from.size(), to);
  }

  std::string Fault() {
    const auto scenario = LoadScenario(folder_);
    return scenario.ok() ? "no fault" : std::string(scenario.status().message());
  }

  ieum::testing::TempDir dir_;
  std::string folder_ = dir_.path() + "/scenario";
};

TEST(Scenario, OfIncheonIsReadWhole) {
  const auto scenario = LoadScenario(IEUM_SOURCE_DIR "/scenarios/inc-2024");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->last_day, "2024-12-31");
  EXPECT_EQ(scenario->Entries("organizations").size(), 104u);
  EXPECT_EQ(scenario->Entries("consent_texts").size(), 2u);
  nlohmann::json actions = nlohmann::json::object();
  for (const Action& action : scenario->actions) {
    actions[action.verb] = actions.value(action.verb, 0) + 1;
    const bool decides = action.verb.ends_with(".approve") || action.verb == "case.close";
    EXPECT_EQ(action.as, decides ? "SUPERVISOR" : "") << action.Place();
  }
  EXPECT_EQ(actions, scenario->expected["actions"]);
}

TEST(Scenario, OfBusanIsReadWhole) {
  const auto scenario = LoadScenario(kScenario);
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(scenario->key, "bsn-2023");
  EXPECT_EQ(scenario->Entries("organizations").size(), 77u);
  EXPECT_EQ(scenario->Entries("rules").size(), 6u);
  nlohmann::json actions = nlohmann::json::object();
  for (const Action& action : scenario->actions) {
    actions[action.verb] = actions.value(action.verb, 0) + 1;
  }
  EXPECT_EQ(actions, scenario->expected["actions"]);
}

TEST(Scenario, ThatIsNotThereIsNamed) {
  EXPECT_THAT(std::string(LoadScenario("/nowhere").status().message()), HasSubstr("/nowhere"));
}

TEST_F(ScenarioCopy, OfBusanHasNoFault) { EXPECT_EQ(Fault(), "no fault"); }

TEST_F(ScenarioCopy, NamesFileAndColumnOfBrokenJson) {
  Change("rules.json", "\"rules\"", "rules");
  EXPECT_THAT(Fault(), AllOf(HasSubstr("rules.json"), HasSubstr("line 2")));
}

TEST_F(ScenarioCopy, NamesAnActionThatNobodyKnows) {
  Change("days/2023-05.json", "engagement.contact", "engagement.ponder");
  EXPECT_THAT(Fault(), AllOf(HasSubstr("days/2023-05.json, 2023-05-"),
                             HasSubstr("`engagement.ponder` is nothing that can be done")));
}

TEST_F(ScenarioCopy, NamesAMissingAndAnUnknownField) {
  Change("days/2023-03.json", "\"start_time\"", "\"begin\"");
  EXPECT_THAT(Fault(), AllOf(HasSubstr("engagement.planVisit: unknown field `begin`"),
                             HasSubstr("field `start_time` is missing")));
}

TEST_F(ScenarioCopy, NamesAKeyThatNothingHas) {
  Change("days/2023-02.json", "\"consultant\": \"CON1\"", "\"consultant\": \"CON99\"");
  EXPECT_THAT(Fault(), HasSubstr("field `consultant`: nothing has the key CON99 so far"));
}

TEST_F(ScenarioCopy, NamesAValueThatTheContractDoesNotKnow) {
  Change("people.json", "LANGUAGE_KO", "LANGUAGE_FR");
  EXPECT_THAT(Fault(), AllOf(HasSubstr("people.json, P-G001"), HasSubstr("LANGUAGE_FR")));
}

TEST_F(ScenarioCopy, NamesAnActionThatDoesNotStandLater) {
  Change("days/2023-02.json", "2023-02-13T10:05:00+09:00", "2023-02-13T10:00:00+09:00");
  EXPECT_THAT(Fault(), HasSubstr("does not stand later than what precedes it"));
}

TEST_F(ScenarioCopy, NamesAnActionOnTheInstantOfReminders) {
  Change("days/2023-02.json", "2023-02-13T10:00:00+09:00", "2023-02-13T09:00:00+09:00");
  EXPECT_THAT(Fault(), HasSubstr("on the instant of reminders"));
}

TEST_F(ScenarioCopy, NamesAnInstantInAnotherZone) {
  Change("scenario.json", "2024-01-08T18:00:00+09:00", "2024-01-08T18:00:00Z");
  EXPECT_THAT(Fault(), HasSubstr("not written in Korea time"));
}

TEST_F(ScenarioCopy, NamesAllFaultsAtOnce) {
  Change("people.json", "LANGUAGE_KO", "LANGUAGE_FR");
  Change("days/2023-05.json", "engagement.contact", "engagement.ponder");
  EXPECT_THAT(Fault(), AllOf(HasSubstr("LANGUAGE_FR"), HasSubstr("engagement.ponder")));
}

}  // namespace
}  // namespace ieum::play
