// Goal: programmes have yearly editions whose plans are made, approved, moved and copied, and what
// others need of them is told. Method: the real doors; every refusal leaves nothing. row:R12
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kEdition[] = "programmes/BSN/editions/2023";

constexpr char kPlan[] = R"(
  year: 2023
  lines {
    code: "BSN-1" area: "I" display_name: "추진단 협의회"
    targets { indicator: "B01" value: "3" unit: COUNTING_UNIT_OCCURRENCE moment: "HELD" position: 1 }
    dates { key: "C-1" start { nth_weekday { month: 5 ordinal: 4 weekday: WEEKDAY_WEDNESDAY } } }
    dates { key: "C-2" start { nth_weekday { month: 8 ordinal: 4 weekday: WEEKDAY_WEDNESDAY } } }
  }
  lines {
    code: "BSN-4" area: "II" display_name: "캠페인" task: TASK_KIND_CAMPAIGN campaign: "WLB"
    targets { indicator: "B04" value: "24" unit: COUNTING_UNIT_FIRM position: 4 }
  })";

class Programmes : public ::testing::Test {
 protected:
  template <class Response, class Request>
  absl::StatusOr<Response> Call(const std::string& method, const Request& request,
                                const std::string& as = "") {
    const auto peer = as.empty() ? nullptr : world_.PeerWith(as);
    return world_.Call<Response>("ProgrammeService/" + method, request, peer.get());
  }
  template <class Request>
  static Request Of(const std::string& text) {
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(text, &request)) << text;
    return request;
  }

  absl::StatusOr<v1::Programme> Register(const std::string& code) {
    return Call<v1::Programme>(
        "CreateProgramme", Of<v1::CreateProgrammeRequest>(absl::StrCat(
                               "programme_id: '", code, "' programme { display_name: '추진단' }")));
  }
  absl::StatusOr<v1::Edition> Plan(const std::string& more = "") {
    return Call<v1::Edition>("CreateEdition", Of<v1::CreateEditionRequest>(absl::StrCat(
                                                  "parent: 'programmes/BSN' edition_id: '2023' ",
                                                  "edition {", kPlan, " }", more)));
  }
  // One that is planned and approved.
  void Approved() {
    ASSERT_TRUE(Register("BSN").ok());
    ASSERT_TRUE(Plan().ok());
    ASSERT_TRUE(Approve().ok());
  }
  absl::StatusOr<v1::Edition> Approve(const std::string& etag = "") {
    v1::ApproveEditionRequest request;
    request.set_name(kEdition);
    request.set_etag(etag);
    return Call<v1::Edition>("ApproveEdition", request);
  }
  absl::StatusOr<v1::Edition> Get(const std::string& name = kEdition) {
    v1::GetEditionRequest request;
    request.set_name(name);
    return Call<v1::Edition>("GetEdition", request);
  }
  absl::StatusOr<v1::Edition> Change(const v1::Edition& edition) {
    v1::UpdateEditionRequest request;
    *request.mutable_edition() = edition;
    request.mutable_update_mask()->add_paths("lines");
    return Call<v1::Edition>("UpdateEdition", request);
  }
  absl::StatusOr<v1::Edition> Advance(v1::EditionState state) {
    v1::AdvanceEditionRequest request;
    request.set_name(kEdition);
    request.set_state(state);
    return Call<v1::Edition>("AdvanceEdition", request);
  }

  World world_{"2023-02-06 10:00"};
};

TEST_F(Programmes, AreRegisteredNamedAndListed) {
  ASSERT_TRUE(Register("INC").ok());
  const auto bsn = Register("BSN");
  ASSERT_TRUE(bsn.ok()) << bsn.status();
  EXPECT_EQ(bsn->name(), "programmes/BSN");
  EXPECT_EQ(base::ReasonOf(Register("BSN").status()), "ID_TAKEN");

  v1::UpdateProgrammeRequest update;
  update.mutable_programme()->set_name("programmes/BSN");
  update.mutable_programme()->set_display_name_en("Busan group");
  update.mutable_programme()->set_etag("\"7\"");
  EXPECT_EQ(base::ReasonOf(Call<v1::Programme>("UpdateProgramme", update).status()), "STALE_ETAG");
  update.mutable_programme()->set_etag(bsn->etag());
  const auto changed = Call<v1::Programme>("UpdateProgramme", update);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->display_name(), "추진단");
  EXPECT_EQ(changed->display_name_en(), "Busan group");

  const auto list = Call<v1::ListProgrammesResponse>("ListProgrammes", v1::ListProgrammesRequest());
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->programmes_size(), 2);
  EXPECT_EQ(list->programmes(0).name(), "programmes/BSN");
  EXPECT_THAT(world_.EventTypes("programmes/BSN"),
              ElementsAre("ProgrammeRegistered", "ProgrammeChanged"));
  v1::GetProgrammeRequest missing;
  missing.set_name("programmes/XYZ");
  EXPECT_EQ(base::ReasonOf(Call<v1::Programme>("GetProgramme", missing).status()), "NOT_FOUND");
}

TEST_F(Programmes, HaveEditionsWhoseDaysAreWorkedOut) {
  EXPECT_EQ(base::ReasonOf(Plan().status()), "NOT_FOUND") << "nobody has registered the programme";
  ASSERT_TRUE(Register("BSN").ok());
  const auto planned = Plan();
  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_EQ(planned->name(), kEdition);
  EXPECT_EQ(planned->state(), v1::EDITION_STATE_PLANNED);
  EXPECT_EQ(planned->budget_year(), 2023);
  EXPECT_EQ(planned->lines(0).dates(0).start_date(), "2023-05-24");
  EXPECT_EQ(planned->lines(0).dates(1).end_date(), "2023-08-23");
  EXPECT_EQ(base::ReasonOf(Plan().status()), "ID_TAKEN");
  EXPECT_THAT(world_.EventTypes(kEdition), ElementsAre("EditionPlanned"));

  v1::ListEditionsRequest list;
  list.set_parent("programmes/-");
  list.set_filter("year = 2023 AND state = EDITION_STATE_PLANNED");
  const auto editions = Call<v1::ListEditionsResponse>("ListEditions", list);
  ASSERT_TRUE(editions.ok()) << editions.status();
  ASSERT_EQ(editions->editions_size(), 1);
  EXPECT_EQ(editions->editions(0).lines_size(), 0) << "lines are read with GetEdition";
  list.set_parent("programmes/INC");
  EXPECT_EQ(Call<v1::ListEditionsResponse>("ListEditions", list)->editions_size(), 0);
}

TEST_F(Programmes, RefuseAPlanThatDoesNotHoldTogetherAndKeepNothingOfIt) {
  ASSERT_TRUE(Register("BSN").ok());
  const struct {
    const char *change, *reason;
  } kTable[] = {
      {"lead_organization: 'organizations/0190b0c0-0000-7000-8000-00000000000f'", "CENTRE_UNKNOWN"},
      {"manager: 'persons/0190b0c0-0000-7000-8000-00000000000f'", "PERSON_UNKNOWN"},
      {"lines { code: 'BSN-1' display_name: 'x' }", "PLAN_CODE_TWICE"},
      {"lines { code: 'X' display_name: 'x' dates { key: 'A' start { date: '2028-01-04' "
       "offset_business_days: 2 } } }",
       "HOLIDAYS_UNKNOWN"},
      {"lines { code: 'X' display_name: 'x' targets { indicator: 'Z' value: '0' unit: "
       "COUNTING_UNIT_FIRM } }",
       "TARGET_INVALID"},
      {"lines { code: 'X' display_name: 'x' dates { key: 'A' } }", "INVALID_FIELD"},
      {"lines { code: 'X' display_name: 'x' dates { key: 'A' start { } } }", "INVALID_FIELD"},
  };
  for (const auto& row : kTable) {
    const auto refused = Plan(absl::StrCat(" edition { ", row.change, " }"));
    EXPECT_EQ(base::ReasonOf(refused.status()), row.reason) << row.change << refused.status();
  }
  const std::string firm = world_.Firm(1);
  EXPECT_EQ(
      base::ReasonOf(Plan(absl::StrCat(" edition { lead_organization: '", firm, "' }")).status()),
      "CENTRE_UNKNOWN")
      << "a firm leads nothing";
  EXPECT_TRUE(Plan(" validate_only: true").ok());
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM edition"), "0");
  EXPECT_THAT(world_.EventTypes(kEdition), IsEmpty());
}

// row:X16
TEST_F(Programmes, TellAnApprovedPlanWithItsTargetsAndEachActivity) {
  ASSERT_TRUE(Register("BSN").ok());
  const std::string manager = world_.Person("김담당");
  const auto planned = Plan(absl::StrCat(" edition { manager: '", manager, "' }"));
  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_EQ(base::ReasonOf(Approve("\"9\"").status()), "STALE_ETAG");
  const auto approved = Approve(planned->etag());
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->state(), v1::EDITION_STATE_APPROVED);
  EXPECT_TRUE(approved->has_approve_time());
  EXPECT_EQ(base::ReasonOf(Approve().status()), "EDITION_STATE");

  const auto told = world_.Events(kEdition);
  EXPECT_THAT(world_.EventTypes(kEdition),
              ElementsAre("EditionPlanned", "PlanApproved", "ActivityPlanned", "ActivityPlanned"));
  const auto approval = told[1].As<v1::PlanApproved>();
  EXPECT_EQ(approval.plan().programme(), "BSN");
  EXPECT_EQ(approval.plan().state(), v1::EDITION_STATE_APPROVED);
  EXPECT_EQ(approval.event_date(), "2023-02-06");
  ASSERT_EQ(approval.targets_size(), 2);
  EXPECT_EQ(approval.targets(1).indicator_code(), "B04");
  EXPECT_EQ(approval.targets(1).value(), "24");
  const auto activity = told[2].As<v1::ActivityPlanned>();
  EXPECT_EQ(activity.activity().start_date(), "2023-05-24");
  EXPECT_EQ(activity.activity().line_code(), "BSN-1");
  EXPECT_EQ(activity.plan().manager_person_id(), IdOf(manager));
  EXPECT_EQ(activity.activity().activity_id(), planned->lines(0).dates(0).activity_id());
}

TEST_F(Programmes, TellWhatMovedAfterTheApprovalAndKeepTheTargets) {
  Approved();
  v1::Edition edition = *Get();
  edition.mutable_lines(0)->mutable_targets(0)->set_value("4");
  EXPECT_EQ(base::ReasonOf(Change(edition).status()), "TARGETS_APPROVED");

  edition = *Get();
  edition.mutable_lines(0)->mutable_dates(0)->mutable_start()->set_date("2023-05-31");
  edition.mutable_lines(0)->mutable_dates(1)->set_key("C-3");
  const size_t before = world_.Events(kEdition).size();
  const auto changed = Change(edition);
  ASSERT_TRUE(changed.ok()) << changed.status();
  const auto told = world_.Events(kEdition);
  ASSERT_EQ(told.size(), before + 4);
  EXPECT_EQ(told[before].As<v1::EditionChanged>().changed_fields(0), "lines");
  const auto moved = told[before + 1].As<v1::ActivityMoved>();
  EXPECT_EQ(moved.previous_start_date(), "2023-05-24");
  EXPECT_EQ(moved.activity().start_date(), "2023-05-31");
  EXPECT_EQ(told[before + 2].type, "ActivityPlanned");
  EXPECT_EQ(told[before + 3].As<v1::ActivityDropped>().activity().activity_key(), "C-2");
  EXPECT_EQ(Change(*changed)->etag(), changed->etag()) << "nothing differs, nothing is told";
}

TEST_F(Programmes, CopyAnEditionWithOtherTargets) {
  Approved();
  v1::CopyEditionRequest copy;
  copy.set_name(kEdition);
  copy.set_edition_id("2024");
  copy.set_year(2024);
  copy.add_targets()->set_indicator("Z99");
  EXPECT_EQ(base::ReasonOf(Call<v1::Edition>("CopyEdition", copy).status()),
            "INDICATOR_NOT_PLANNED");
  copy.mutable_targets(0)->set_indicator("B04");
  copy.mutable_targets(0)->set_value("30");
  const auto next = Call<v1::Edition>("CopyEdition", copy);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->name(), "programmes/BSN/editions/2024");
  EXPECT_EQ(next->copied_from(), kEdition);
  EXPECT_EQ(next->state(), v1::EDITION_STATE_PLANNED);
  EXPECT_EQ(next->lines(1).targets(0).value(), "30");
  EXPECT_EQ(next->lines(0).targets(0).value(), "3");
  EXPECT_EQ(next->lines(0).dates(0).start_date(), "2024-05-22");
  EXPECT_EQ(Get()->lines(1).targets(0).value(), "24") << "the source stays as it is";
  EXPECT_EQ(base::ReasonOf(Call<v1::Edition>("CopyEdition", copy).status()), "ID_TAKEN");
  EXPECT_THAT(world_.EventTypes(next->name()), ElementsAre("EditionPlanned"));
}

TEST_F(Programmes, GoTheirStepsAndAreOverThen) {
  ASSERT_TRUE(Register("BSN").ok());
  v1::CreateEditionRequest empty;
  empty.set_parent("programmes/BSN");
  empty.set_edition_id("2023");
  empty.mutable_edition()->set_year(2023);
  ASSERT_TRUE(Call<v1::Edition>("CreateEdition", empty).ok());
  EXPECT_EQ(base::ReasonOf(Approve().status()), "PLAN_EMPTY");
  EXPECT_EQ(base::ReasonOf(Advance(v1::EDITION_STATE_RUNNING).status()), "EDITION_STATE");
  v1::Edition edition = *Get();
  *edition.add_lines() = Of<v1::Edition>(kPlan).lines(0);
  ASSERT_TRUE(Change(edition).ok());
  ASSERT_TRUE(Approve().ok());
  for (const auto state :
       {v1::EDITION_STATE_RUNNING, v1::EDITION_STATE_REPORTING, v1::EDITION_STATE_CLOSED}) {
    EXPECT_EQ(Advance(state)->state(), state);
  }
  EXPECT_EQ(base::ReasonOf(Change(*Get()).status()), "EDITION_STATE");
}

TEST_F(Programmes, AreApprovedOnceHoweverManyApproveAtOnce) {
  ASSERT_TRUE(Register("BSN").ok());
  ASSERT_TRUE(Plan().ok());
  v1::ApproveEditionRequest request;
  request.set_name(kEdition);
  std::vector<std::string> reasons(6);
  std::vector<std::thread> threads;
  for (std::string& reason : reasons) {
    threads.emplace_back([&] {
      const auto approved = Call<v1::Edition>("ApproveEdition", request, "manager");
      reason = approved.ok() ? "OK" : base::ReasonOf(approved.status());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "OK"), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "EDITION_STATE"), 5);
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM event_log WHERE type LIKE '%PlanApproved'"), "1");
}

// Programmes that nobody has registered keep working as they did.
TEST_F(Programmes, HaveCampaignsInEditionsThatThereAre) {
  EXPECT_NE(world_.OpenCampaign([](auto* campaign) { campaign->set_programme("OLD"); }), "");
  ASSERT_TRUE(Register("BSN").ok());
  v1::CreateCampaignRequest request;
  v1::Campaign& campaign = *request.mutable_campaign();
  campaign.set_programme("BSN");
  campaign.set_edition("2023");
  campaign.set_code("WLB");
  campaign.set_display_name("캠페인");
  campaign.set_task(v1::TASK_KIND_CAMPAIGN);
  campaign.set_admission(v1::ADMISSION_MODE_NONE);
  const auto create = [&] {
    return world_.Call<v1::Campaign>("CampaignService/CreateCampaign", request).status();
  };
  EXPECT_EQ(base::ReasonOf(create()), "EDITION_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(create()), ElementsAre("campaign.edition"));
  ASSERT_TRUE(Plan().ok());
  EXPECT_TRUE(create().ok()) << create();
  ASSERT_TRUE(Approve().ok());
  for (const auto state :
       {v1::EDITION_STATE_RUNNING, v1::EDITION_STATE_REPORTING, v1::EDITION_STATE_CLOSED}) {
    ASSERT_TRUE(Advance(state).ok());
  }
  campaign.set_code("LATE");
  EXPECT_EQ(base::ReasonOf(create()), "EDITION_UNKNOWN");
}

// All centres share them: their staff reads, and who acts for the suite writes. row:R23
TEST_F(Programmes, AreReadByCentresAndWrittenForTheSuite) {
  Approved();
  v1::GetEditionRequest get;
  get.set_name(kEdition);
  EXPECT_TRUE(Call<v1::Edition>("GetEdition", get, "centre-a").ok());
  v1::AdvanceEditionRequest advance;
  advance.set_name(kEdition);
  advance.set_state(v1::EDITION_STATE_RUNNING);
  EXPECT_EQ(base::ReasonOf(Call<v1::Edition>("AdvanceEdition", advance, "centre-a").status()),
            "PERMISSION_DENIED");
}

}  // namespace
}  // namespace ieum::registry
