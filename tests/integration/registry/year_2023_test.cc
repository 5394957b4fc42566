// Goal: the masters of the year 2023 are accepted as they are, and its campaign admits exactly
// those whom the year says.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <vector>

#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using nlohmann::json;

// The objects under `key` of one file of the year.
std::vector<json> Read(const std::string& key) {
  std::ifstream stream(std::string(IEUM_SOURCE_DIR) + "/scenarios/bsn-2023/" + key + ".json");
  return json::parse(stream).at(key).get<std::vector<json>>();
}

template <class Message>
Message FromJson(const json& object) {
  Message message;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;  // the data's own keys
  const auto read = google::protobuf::util::JsonStringToMessage(object.dump(), &message, options);
  EXPECT_TRUE(read.ok()) << object.dump();
  return message;
}

class Year2023 : public ::testing::Test {
 protected:
  Year2023() {
    for (json organization : Read("organizations")) {
      v1::CreateOrganizationRequest request;
      *request.mutable_facts() = FromJson<v1::OrganizationFacts>(organization["facts"]);
      organization.erase("facts");
      *request.mutable_organization() = FromJson<v1::Organization>(organization);
      request.mutable_organization()->set_external_code(organization["key"]);
      const auto made =
          world_.Call<v1::Organization>("OrganizationService/CreateOrganization", request);
      EXPECT_TRUE(made.ok()) << organization["key"] << made.status();
      if (made.ok()) names_[organization["key"]] = made->name();
    }
  }

  World world_{"2023-01-02 09:00"};
  std::map<std::string, std::string> names_;
};

TEST_F(Year2023, HasPeopleThatRegistryTakesAsTheyAre) {
  for (json person : Read("people")) {
    json affiliation = person["affiliation"];
    person.erase("affiliation");
    v1::CreatePersonRequest request;
    *request.mutable_person() = FromJson<v1::Person>(person);
    const auto made = world_.Call<v1::Person>("PersonService/CreatePerson", request);
    ASSERT_TRUE(made.ok()) << person["key"] << made.status();
    v1::CreateAffiliationRequest act;
    act.set_parent(made->name());
    affiliation["organization"] = names_[affiliation["organization"]];
    *act.mutable_affiliation() = FromJson<v1::Affiliation>(affiliation);
    const auto acts = world_.Call<v1::Affiliation>("PersonService/CreateAffiliation", act);
    ASSERT_TRUE(acts.ok()) << acts.status();
  }
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM affiliation"), "62");
}

TEST_F(Year2023, AdmitsAllFirmsOfTheCampaignButTheOneThatIsNoSme) {
  EXPECT_EQ(names_.size(), 77u);
  std::string campaign;
  for (const json& wish : Read("campaigns")) {
    v1::CreateCampaignRequest request;
    *request.mutable_campaign() = FromJson<v1::Campaign>(wish);
    request.mutable_campaign()->set_programme("BSN");
    request.mutable_campaign()->set_edition("2023");
    const auto made = world_.Call<v1::Campaign>("CampaignService/CreateCampaign", request);
    ASSERT_TRUE(made.ok()) << wish["key"] << made.status();
    v1::OpenCampaignRequest open;
    open.set_name(made->name());
    ASSERT_TRUE(world_.Call<v1::Campaign>("CampaignService/OpenCampaign", open).ok());
    if (made->admission() == v1::ADMISSION_MODE_RULES) campaign = made->name();
  }
  world_.SetClock("2023-05-02 11:00");
  std::map<std::string, std::string> keys;  // by organization id
  for (int n = 1; n <= 26; ++n) {
    Form form;
    form.campaign = campaign;
    const std::string key = fmt::format("G{:03}", n);
    form.organization = names_[key];
    keys[IdOf(form.organization)] = key;
    ASSERT_TRUE(world_.Deliver(form.Received(), base::Uuid::NewV7()).ok());
  }
  std::map<std::string, v1::DenialReason> denied;
  for (const Told& event : world_.Events(campaign + "/enrolments/")) {
    if (event.type != "EnrolmentDenied") continue;
    const auto denial = event.As<v1::EnrolmentDenied>();
    denied[keys[denial.enrolment().organization_id()]] = denial.reason();
  }
  EXPECT_THAT(denied, ::testing::ElementsAre(::testing::Pair("G025", v1::DENIAL_REASON_NOT_SME)));
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 25);
}

}  // namespace
}  // namespace ieum::registry
