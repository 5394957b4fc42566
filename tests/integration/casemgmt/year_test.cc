// Goal: everything that the year 2023 asks of case management is possible and ends where it must.
// Method: the scenario's data over real gRPC, with registry's events as its rules would give them,
// against the hand-written expectations.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"
#include "platform/base/korea_time.h"
#include "services/casemgmt/days.h"
#include "tests/integration/casemgmt/served.h"

namespace ieum::casemgmt::testing {
namespace {

using nlohmann::json;

json Load(const std::string& file) {
  return json::parse(std::ifstream(absl::StrCat(IEUM_SOURCE_DIR, "/scenarios/bsn-2023/", file)));
}

absl::Time Instant(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text;
  return time;
}

class Year : public ::testing::Test {
 protected:
  Year() : served_("2023-02-06 09:00") {
    for (const auto& entry :
         std::filesystem::directory_iterator(IEUM_SOURCE_DIR "/scenarios/bsn-2023/days")) {
      months_.insert(absl::StrCat("days/", entry.path().filename().string()));
    }
    const json firms = Load("organizations.json"), campaigns = Load("campaigns.json");
    for (const json& firm : firms["organizations"]) HearFirm(firm);
    for (const json& campaign : campaigns["campaigns"]) {
      campaigns_[campaign["key"]] = campaign;
      HearCampaign(campaign["key"], "CAMPAIGN_STATE_PLANNED");
    }
  }

  base::Uuid Id(const std::string& key) const { return base::Uuid::Derive(seed_, key); }
  std::string Name(const std::string& collection, const std::string& key) const {
    return absl::StrCat(collection, "/", Id(key).ToString());
  }

  void HearFirm(const json& firm) {
    registry::v1::OrganizationRegistered event;
    event.set_organization_id(Id(firm["key"]).ToString());
    registry::v1::OrganizationKind kind = {};
    ASSERT_TRUE(registry::v1::OrganizationKind_Parse(firm["kind"].get<std::string>(), &kind));
    event.set_kind(kind);
    ASSERT_TRUE(served_.world().Hear(event, Id(firm["key"])).ok());
  }

  void HearCampaign(const std::string& key, const std::string& state) {
    const json& campaign = campaigns_.at(key);
    json facts = {{"campaign_id", Id(key).ToString()},
                  {"campaign_code", campaign["code"]},
                  {"programme", "BSN"},
                  {"edition", "2023"},
                  {"task", campaign["task"]},
                  {"admission", campaign["admission"]},
                  {"state", state}};
    if (campaign.contains("window")) {
      facts["window_start_time"] = campaign["window"]["start_time"];
      facts["window_end_time"] = campaign["window"]["end_time"];
      facts["window_end_date"] = campaign["window"]["end_time"].get<std::string>().substr(0, 10);
    }
    registry::v1::CampaignChanged event;
    const auto read =
        google::protobuf::util::JsonStringToMessage(facts.dump(), event.mutable_campaign());
    ASSERT_TRUE(read.ok()) << read.ToString();
    ASSERT_TRUE(served_.world().Hear(event, Id(key), ++versions_[key]).ok());
  }

  // Registry's verdict on a received form: all firms but the one that is no SME.
  void HearVerdict(const std::string& form) {
    if (served_.world().Form(Id(form)).application.admission !=
        registry::v1::ADMISSION_MODE_RULES) {
      return;
    }
    const base::Uuid enrolment = Id(form + "-enrolment");
    registry::v1::EnrolmentFacts facts;
    facts.set_application_id(Id(form).ToString());
    facts.set_enrolment_id(enrolment.ToString());
    if (form.substr(0, 4) == "G025") {
      registry::v1::EnrolmentDenied denied;
      *denied.mutable_enrolment() = facts;
      denied.set_reason(registry::v1::DENIAL_REASON_NOT_SME);
      ASSERT_TRUE(served_.world().Hear(denied, enrolment).ok());
      return;
    }
    registry::v1::EnrolmentConfirmed confirmed;
    *confirmed.mutable_enrolment() = facts;
    ASSERT_TRUE(served_.world().Hear(confirmed, enrolment).ok());
  }

  // The fields of an action with keys made names, without what names the action itself.
  json Fields(const json& action) const {
    json fields = json::object();
    for (const auto& [field, value] : action.items()) {
      if (field == "at" || field == "do" || field == "key" || field == "engagement" ||
          field == "visit" || field == "application") {
        continue;
      }
      if (field == "organization") {
        fields[field] = Name("organizations", value);
      } else if (field == "campaign") {
        fields[field] = Name("campaigns", value);
      } else if (field == "consultant" || field == "manager" || field == "contact_person" ||
                 field == "approver") {
        fields[field] = Name("persons", value);
      } else {
        fields[field] = value;
      }
    }
    return fields;
  }

  json RequestOf(const json& action) const {
    const std::string what = action["do"];
    json request = Fields(action);
    if (what == "engagement.open") {
      return {{"engagement", request}, {"engagement_id", Id(action["key"]).ToString()}};
    }
    if (what == "application.draft") {
      request["engagement"] = Name("engagements", action["engagement"]);
      return {{"application", request}, {"application_id", Id(action["key"]).ToString()}};
    }
    if (what == "application.revise") {
      request["name"] = Name("applications", action["application"]);
      return {{"application", request}};
    }
    if (action.contains("application")) {
      request["name"] = Name("applications", action["application"]);
      return request;
    }
    const std::string engagement = Name("engagements", action["engagement"]);
    if (what == "engagement.planVisit") {
      request["parent"] = engagement;
      request["visit_id"] = Id(action["visit"]).ToString();
      return request;
    }
    if (what == "engagement.diagnose") return {{"name", engagement}, {"diagnosis", request}};
    if (what == "engagement.agreePlan") return {{"name", engagement}, {"plan", request}};
    request["name"] = action.contains("visit")
                          ? absl::StrCat(engagement, "/", Name("visits", action["visit"]))
                          : engagement;
    return request;
  }

  static const std::map<std::string, std::string>& Methods() {
    static const auto* methods = new std::map<std::string, std::string>{
        {"engagement.open", "EngagementService.CreateEngagement"},
        {"engagement.contact", "EngagementService.ContactEngagement"},
        {"engagement.planVisit", "EngagementService.PlanVisit"},
        {"engagement.rescheduleVisit", "EngagementService.RescheduleVisit"},
        {"engagement.cancelVisit", "EngagementService.CancelVisit"},
        {"engagement.recordVisit", "EngagementService.RecordVisit"},
        {"engagement.recordVisitReport", "EngagementService.RecordVisitReport"},
        {"engagement.diagnose", "EngagementService.DiagnoseEngagement"},
        {"engagement.agreePlan", "EngagementService.AgreeEngagementPlan"},
        {"engagement.start", "EngagementService.StartEngagement"},
        {"engagement.adoptScheme", "EngagementService.RecordSchemeAdoption"},
        {"engagement.reportResult", "EngagementService.ReportEngagementResult"},
        {"engagement.complete", "EngagementService.CompleteEngagement"},
        {"engagement.decline", "EngagementService.DeclineEngagement"},
        {"engagement.drop", "EngagementService.DropEngagement"},
        {"application.draft", "FormService.CreateApplication"},
        {"application.revise", "FormService.UpdateApplication"},
        {"application.submit", "FormService.SubmitApplication"},
        {"application.receive", "FormService.ReceiveApplication"},
        {"application.withdraw", "FormService.WithdrawApplication"},
        {"application.forward", "FormService.ForwardApplication"},
        {"application.externalResult", "FormService.RecordExternalResult"}};
    return *methods;
  }

  void Call(const json& action) {
    const std::string method = Methods().at(action["do"]);
    const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
        "ieum.casemgmt.v1." + method);
    ASSERT_NE(descriptor, nullptr) << method;
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    std::unique_ptr<google::protobuf::Message> request(
        factory->GetPrototype(descriptor->input_type())->New());
    std::unique_ptr<google::protobuf::Message> response(
        factory->GetPrototype(descriptor->output_type())->New());
    const std::string text = RequestOf(action).dump();
    const auto read = google::protobuf::util::JsonStringToMessage(text, request.get());
    ASSERT_TRUE(read.ok()) << text << ": " << read.ToString();
    std::string path = method;
    path[path.find('.')] = '/';
    const absl::Status status = served_.Call(path, *request, response.get());
    ASSERT_TRUE(status.ok()) << action.dump() << ": " << status;
  }

  void Do(const json& action) {
    const std::string what = action["do"];
    served_.world().SetClock(
        absl::FormatTime("%Y-%m-%d %H:%M", Instant(action["at"]), base::Korea()));
    if (what == "campaign.open") HearCampaign(action["campaign"], "CAMPAIGN_STATE_OPEN");
    if (what == "campaign.close") HearCampaign(action["campaign"], "CAMPAIGN_STATE_CLOSED");
    if (!Methods().contains(what)) return;  // registry's
    Call(action);
    if (what == "application.receive") HearVerdict(action["application"]);
  }

  json Counted(const std::string& sql, const google::protobuf::EnumDescriptor* words) {
    json counted = json::object();
    const json rows = json::parse(served_.world().Ask(sql));
    for (const auto& [value, count] : rows.items()) {
      counted[words->FindValueByNumber(std::stoi(value))->name()] = count;
    }
    return counted;
  }

  const base::Uuid seed_ = base::Uuid::NewV7();
  std::set<std::string> months_;
  std::map<std::string, json> campaigns_;
  std::map<std::string, int64_t> versions_;
  Served served_;
};

constexpr char kCountBy[] = "SELECT coalesce(json_object_agg(k, n), '{}') FROM (";

TEST_F(Year, IsPossibleAndEndsWhereItMust) {
  for (const std::string& month : months_) {
    const json days = Load(month);
    for (const json& action : days["actions"]) {
      Do(action);
      if (HasFatalFailure()) return;
    }
  }
  const json expected = Load("expected.json");
  for (const auto& [task, states] : expected["final_states"]["engagements"].items()) {
    registry::v1::TaskKind kind = {};
    ASSERT_TRUE(registry::v1::TaskKind_Parse(task, &kind));
    EXPECT_EQ(Counted(absl::StrCat(kCountBy, "SELECT state AS k, count(*) AS n FROM engagement ",
                                   "WHERE task = ", static_cast<int>(kind), " GROUP BY 1) c"),
                      v1::EngagementState_descriptor()),
              states)
        << task;
  }
  EXPECT_EQ(Counted(absl::StrCat(kCountBy, "SELECT state AS k, count(*) AS n FROM application ",
                                 "GROUP BY 1) c"),
                    v1::ApplicationState_descriptor()),
            expected["final_states"]["applications"]);
  EXPECT_EQ(Counted(absl::StrCat(kCountBy, "SELECT result_grade AS k, count(*) AS n FROM ",
                                 "application WHERE result_date IS NOT NULL GROUP BY 1) c"),
                    v1::Grade_descriptor()),
            expected["external_results"]["grades"]);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
