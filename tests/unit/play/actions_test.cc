// Goal: the tables of actions and masters fit the contracts, and a call has one identity.
// Method: each row is looked up in the descriptors that the contracts were compiled to.
#include "tools/play/actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/descriptor.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "tools/play/masters.h"
#include "tools/play/request_id.h"

namespace ieum::play {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

void ExpectFitsContract(const CallShape& shape) {
  std::string name = shape.rpc.method.substr(1);
  std::replace(name.begin(), name.end(), '/', '.');
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  ASSERT_NE(method, nullptr) << name;
  EXPECT_EQ(method->input_type(), shape.rpc.request->GetDescriptor()) << name;
  EXPECT_EQ(method->output_type(), shape.rpc.response->GetDescriptor()) << name;
  EXPECT_THAT(name, HasSubstr("ieum." + shape.rpc.service + ".v1."));
  EXPECT_NE(method->input_type()->FindFieldByName("request_id"), nullptr) << name;
}

TEST(Actions, NameMethodsOfTheContractsWithTheirMessages) {
  ASSERT_THAT(Actions(), Not(IsEmpty()));  // that none is missing, the scenarios themselves show
  for (const auto& [verb, shape] : Actions()) ExpectFitsContract(shape);
}

TEST(Masters, NameMethodsOfTheContractsWithTheirMessages) {
  for (const MasterList& list : Masters()) {
    for (const CallShape& shape : list.calls) ExpectFitsContract(shape);
  }
}

TEST(BuildRequest, PutsResourcesInTheStepsOfKeys) {
  Names names;
  ASSERT_TRUE(names.Define("G001-C", {"engagements", "engagements/1"}).ok());
  const json entry = {{"engagement", "G001-C"},
                      {"visit", "G001-C-V1"},
                      {"start_time", "2023-03-21T10:00:00+09:00"},
                      {"end_time", "2023-03-21T11:30:00+09:00"}};
  const auto built = BuildRequest(Actions().at("engagement.planVisit"), entry, names, "");
  ASSERT_TRUE(built.ok()) << built.status();
  const auto& request = dynamic_cast<const casemgmt::v1::PlanVisitRequest&>(**built);
  EXPECT_EQ(request.parent(), "engagements/1");
  EXPECT_EQ(request.start_time().seconds(), 1679360400);  // 01:00 in UTC
  EXPECT_THAT(UnknownFields(entry, {Actions().at("engagement.planVisit")}), IsEmpty());
}

TEST(BuildRequest, NamesEveryBadFieldAtOnce) {
  Names names;
  ASSERT_TRUE(names.Define("G001", {"organizations", "organizations/1"}).ok());
  const auto built = BuildRequest(Actions().at("engagement.complete"),
                                  {{"engagement", "G001"}, {"approver", "MGR9"}}, names, "");
  EXPECT_THAT(std::string(built.status().message()),
              HasSubstr("G001 is one of organizations, not of engagements"));
  EXPECT_THAT(std::string(built.status().message()), HasSubstr("nothing has the key MGR9 so far"));
}

TEST(BuildRequest, RefusesAValueThatTheContractDoesNotKnow) {
  Names names;
  ASSERT_TRUE(names.Define("G001-C", {"engagements", "engagements/1"}).ok());
  const auto built =
      BuildRequest(Actions().at("engagement.drop"),
                   {{"engagement", "G001-C"}, {"reason", "DROP_REASON_BORED"}}, names, "");
  EXPECT_THAT(std::string(built.status().message()), HasSubstr("DROP_REASON_BORED"));
}

TEST(UnknownFields, AreFoundInsideOfObjectsToo) {
  const json entry = {{"key", "P-G001"},
                      {"full_name", "윤건우"},
                      {"affiliation", {{"role", "R"}, {"desk", 4}}},
                      {"colour", "red"}};
  EXPECT_THAT(UnknownFields(entry, Masters()[1].calls), ElementsAre("affiliation.desk", "colour"));
}

TEST(Names, RefusesAKeyThatIsUsedTwice) {
  Names names;
  EXPECT_TRUE(names.Define("G001", {"organizations", "organizations/1"}).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(names.Define("G001", {"persons", "persons/1"})));
  EXPECT_EQ(names.KeyOf("organizations/1"), "G001");
}

TEST(RequestId, IsTheSameForTheSameCallAndNoOther) {
  const std::string id = RequestId("bsn-2023", "2023-02-13T10:00:00+09:00 engagement.open");
  EXPECT_EQ(id, RequestId("bsn-2023", "2023-02-13T10:00:00+09:00 engagement.open"));
  EXPECT_NE(id, RequestId("bsn-2024", "2023-02-13T10:00:00+09:00 engagement.open"));
  EXPECT_NE(id, RequestId("bsn-2023", "2023-02-13T10:05:00+09:00 engagement.open"));
  EXPECT_TRUE(base::Uuid::Parse(id).has_value());
}

}  // namespace
}  // namespace ieum::play
