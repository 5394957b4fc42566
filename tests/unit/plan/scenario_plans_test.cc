// Goal: the plans that ship are the plans of the two programme years. Method: every target as it
// was published, and what the player of the year enters against what the plan says. row:X16
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "tools/plan/plan_file.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;

std::string ReadFile(const std::string& path) {
  std::ifstream stream(std::string(IEUM_SOURCE_DIR) + "/scenarios/" + path);
  std::ostringstream text;
  text << stream.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

Plan Read(const std::string& path) {
  std::vector<Fault> faults;
  Plan plan = ReadPlan(ReadFile(path), &faults);
  EXPECT_TRUE(faults.empty()) << FaultText(path, faults);
  return plan;
}

// Each indicator in the order of the report with its target.
std::string TargetsOf(const Plan& plan) {
  std::map<int, std::string> in_order;
  for (const v1::ActivityLine& line : plan.edition.lines()) {
    for (const v1::PlannedTarget& target : line.targets()) {
      in_order[target.position()] +=
          target.indicator() + "=" + (target.value().empty() ? "-" : target.value()) + " ";
    }
  }
  std::string text;
  for (const auto& [position, targets] : in_order) text += targets;
  return text;
}

TEST(ScenarioPlan, OfBusanHasThePublishedTargets) {
  EXPECT_EQ(TargetsOf(Read("bsn-2023/plan.yaml")),
            "B01=3 B02=2 B03=1 B04=24 B05=6 B06=6 B07=1 B08=2 B09=1 B10=1 B11=20 B12=1 B13=4 "
            "B14=2 B15=12 B16=96 B17=3 B18=20 B19=1 B20=200 B21=400 B22=6 B23=5 B24=100.0 B25=- ");
}

TEST(ScenarioPlan, OfIncheonHasThePublishedTargets) {
  EXPECT_EQ(TargetsOf(Read("inc-2024/plan.yaml")),
            "A01=80 A02=8 A03=10 A04=10 A05=1 A06=4 A07=2 A08=60 A09=240 A10=6 A11=48 A12=30 "
            "A13=20 A14=40 A15=400 A16=40 A17=90.0 A18=85.0 A19=80.0 A20=85.0 A21=15 A22=95.0 ");
}

// The demo enters targets and campaigns one by one; the plan must not tell another story.
TEST(ScenarioPlan, SaysWhatThePlayedYearEnters) {
  const Plan plan = Read("bsn-2023/plan.yaml");
  std::map<std::string, std::string> planned;
  for (const v1::ActivityLine& line : plan.edition.lines()) {
    for (const v1::PlannedTarget& target : line.targets()) {
      planned[target.indicator()] =
          target.value() + "/" + std::to_string(target.position()) + "/" + line.area();
    }
  }
  const auto targets = nlohmann::json::parse(ReadFile("bsn-2023/targets.json"))["targets"];
  for (const auto& target : targets) {
    EXPECT_EQ(planned[target["indicator"]], target["value"].get<std::string>() + "/" +
                                                std::to_string(target["position"].get<int>()) +
                                                "/" + target["area"].get<std::string>());
  }
  auto campaigns = nlohmann::json::parse(ReadFile("bsn-2023/campaigns.json"))["campaigns"];
  ASSERT_EQ(plan.campaigns.size(), campaigns.size());
  for (size_t at = 0; at < campaigns.size(); ++at) {
    campaigns[at].erase("key");
    v1::Campaign played;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(campaigns[at].dump(), &played).ok());
    played.set_programme("BSN");
    played.set_edition("2023");
    EXPECT_TRUE(
        google::protobuf::util::MessageDifferencer::Equals(plan.campaigns[at].campaign, played))
        << played.code();
  }
}

}  // namespace
}  // namespace ieum::plan
