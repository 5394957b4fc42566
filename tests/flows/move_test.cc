// Goal: what moves from one centre to another moves in the whole suite: who looks after a firm's
// enrolment looks after its engagement and its form, and figures stay with the centre of then.
// Method: the four services as real processes, staff of two centres, kill -9 of one service on the
// way. row:R24
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ieum/casemgmt/v1/engagement_service.pb.h"
#include "ieum/casemgmt/v1/form_service.pb.h"
#include "ieum/registry/v1/campaign_service.pb.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/move_service.pb.h"
#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/status.h"
#include "tests/flows/accounts.h"
#include "tests/support/centres.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

class MoveFlow : public ::testing::Test {
 protected:
  void SetUp() override {
    // Named, so that its contract is linked: requests are found by name below.
    ASSERT_NE(registry::v1::RequestMoveRequest::descriptor(), nullptr);
    SetClocks(suite_, "2023-05-02T11:00:00+09:00");
  }

  // "registry", "MoveService/AcceptMove" and a request in text form; the name in what was answered,
  // or the reason of a refusal.
  std::string Say(const std::string& token, const std::string& service, const std::string& method,
                  const std::string& text) {
    const std::string package = absl::StrCat("ieum.", service, ".v1");
    const auto request = RequestOf(package, {method, text}, ids_);
    const auto* type = google::protobuf::DescriptorPool::generated_pool()
                           ->FindMethodByName(absl::StrCat(
                               package, ".", absl::StrReplaceAll(method, {{"/", "."}})))
                           ->output_type();
    const std::unique_ptr<google::protobuf::Message> response(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    const absl::Status called =
        accounts_.Call(token, absl::StrCat("/", package, ".", method), *request, response.get());
    if (!called.ok()) return base::ReasonOf(called);
    return response->GetReflection()->GetString(*response, type->FindFieldByName("name"));
  }
  // The id of what was made.
  std::string Make(const std::string& token, const std::string& service, const std::string& method,
                   const std::string& text) {
    const std::string name = Say(token, service, method, text);
    EXPECT_NE(name.find('/'), std::string::npos) << method << ": " << name;
    return name.substr(name.rfind('/') + 1);
  }
  void Organization(const std::string& kind, const std::string& number, const std::string& id) {
    Make("everywhere", "registry", "OrganizationService/CreateOrganization",
         absl::StrCat("organization_id: '", id, "' organization { kind: ORGANIZATION_KIND_", kind,
                      " display_name: '동백' business_registration_number: '", number, "' }"));
  }
  // A firm with an engagement of A, whose form was received and made an enrolment.
  void EnrolAtA() {
    ids_["firm"] = base::Uuid::NewV7().ToString();
    Organization("CENTRE", "999-81-09016", kCentreA);
    Organization("CENTRE", "999-81-09020", kCentreB);
    Organization("FIRM", "999-81-00015", ids_["firm"]);
    ids_["campaign"] =
        Make("at-a", "registry", "CampaignService/CreateCampaign",
             "campaign { programme: 'BSN' edition: '2023' code: 'BSN-4' display_name: 'x' task: "
             "TASK_KIND_CAMPAIGN admission: ADMISSION_MODE_RULES window { start_time { seconds: "
             "1678669200 } end_time { seconds: 1696928400 } } }");
    Make("at-a", "registry", "CampaignService/OpenCampaign", "name: 'campaigns/{campaign}'");
    ids_["consultant"] = Make("at-a", "registry", "PersonService/CreatePerson",
                              "person { full_name: '김컨설' basis: LEGAL_BASIS_CONTRACT }");
    ASSERT_TRUE(suite_.WaitSettled());
    ids_["engagement"] =
        Make("at-a", "casemgmt", "EngagementService/CreateEngagement",
             "engagement { organization: 'organizations/{firm}' campaign: 'campaigns/{campaign}' "
             "consultant: 'persons/{consultant}' lead_source: LEAD_SOURCE_DISCOVERY }");
    Make("at-a", "casemgmt", "EngagementService/ContactEngagement",
         "name: 'engagements/{engagement}'");
    ids_["visit"] = Make("at-a", "casemgmt", "EngagementService/PlanVisit",
                         "parent: 'engagements/{engagement}' start_time { seconds: 1682992800 } "
                         "end_time { seconds: 1683000000 }");
    Make("at-a", "casemgmt", "EngagementService/RecordVisit",
         "name: 'engagements/{engagement}/visits/{visit}' minutes: 'met'");
    ids_["form"] = Make("at-a", "casemgmt", "FormService/CreateApplication",
                        "application { engagement: 'engagements/{engagement}' form_version: '1' "
                        "signed_by_representative: true }");
    Make("at-a", "casemgmt", "FormService/SubmitApplication", "name: 'applications/{form}'");
    Make("at-a", "casemgmt", "FormService/ReceiveApplication", "name: 'applications/{form}'");
    ASSERT_TRUE(suite_.WaitSettled());
    ids_["enrolment"] = suite_.Ask("registry", "SELECT id FROM enrolment");
  }

  Ids ids_;
  Suite suite_;
  Accounts accounts_{
      suite_,
      {{"everywhere", "staff/everywhere", {"programme_manager", "supervisor"}, {"*"}},
       {"at-a", "staff/at-a", {"programme_manager", "case_manager"}, {kCentreA}},
       {"at-b", "staff/at-b", {"programme_manager", "case_manager"}, {kCentreB}}}};
};

TEST_F(MoveFlow, TakesTheEngagementAndTheFormAlongAndLeavesFiguresWhereTheyWere) {
  ASSERT_NO_FATAL_FAILURE(EnrolAtA());
  ids_["to"] = kCentreB;
  ids_["move"] = Make("at-a", "registry", "MoveService/RequestMove",
                      "enrolment: 'campaigns/{campaign}/enrolments/{enrolment}' to_centre: "
                      "'organizations/{to}' reason: 'closer by'");
  const std::string accept = "name: 'moves/{move}'";
  EXPECT_EQ(Say("at-a", "registry", "MoveService/AcceptMove", accept), "PERMISSION_DENIED");
  suite_.KillService("casemgmt");
  Make("at-b", "registry", "MoveService/AcceptMove", accept);
  suite_.StartService("casemgmt");
  SetClocks(suite_, "2023-05-02T11:00:00+09:00");
  ASSERT_TRUE(suite_.WaitSettled());

  for (const char* table : {"engagement", "visit", "application"}) {
    EXPECT_EQ(suite_.Ask("casemgmt", absl::StrCat("SELECT centre_id FROM ", table)), kCentreB)
        << table;
  }
  EXPECT_EQ(suite_.Ask("reporting",
                       absl::StrCat("SELECT string_agg(split_part(type, '.', 4) || CASE centre_id "
                                    "WHEN '",
                                    kCentreA,
                                    "' THEN ' of A' ELSE ' of B' END, ', ' ORDER BY "
                                    "aggregate_version) FROM fact JOIN projection_live USING "
                                    "(generation) WHERE aggregate_id = '",
                                    ids_["enrolment"], "'")),
            "EnrolmentApplied of A, EnrolmentConfirmed of A, EnrolmentMoved of B");
  const std::string engagement = "name: 'engagements/{engagement}'";
  EXPECT_EQ(Say("at-a", "casemgmt", "EngagementService/GetEngagement", engagement), "NOT_FOUND");
  Make("at-b", "casemgmt", "EngagementService/GetEngagement", engagement);
  const std::string activate = "name: 'campaigns/{campaign}/enrolments/{enrolment}'";
  EXPECT_EQ(Say("at-a", "registry", "EnrolmentService/ActivateEnrolment", activate),
            "OWNERSHIP_MOVED");
  Make("at-b", "registry", "EnrolmentService/ActivateEnrolment", activate);
  ASSERT_TRUE(suite_.WaitSettled());
}

}  // namespace
}  // namespace ieum::testing
