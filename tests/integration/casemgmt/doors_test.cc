// Goal: the gRPC doors say what the contract promises, and refuse bad input with nothing half done.
// Method: real calls to a real server over a real database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "tests/integration/casemgmt/served.h"

namespace ieum::casemgmt::testing {
namespace {

using ::testing::ElementsAre;

class Doors : public ::testing::Test {
 protected:
  World& world() { return served_.world(); }

  v1::CreateEngagementRequest Opening() {
    v1::CreateEngagementRequest request;
    request.mutable_engagement()->set_organization("organizations/" +
                                                   world().HearFirm().ToString());
    request.mutable_engagement()->set_campaign("campaigns/" + campaign_.ToString());
    request.mutable_engagement()->set_consultant("persons/" + base::Uuid::NewV7().ToString());
    request.mutable_engagement()->set_lead_source(v1::LEAD_SOURCE_EVENT);
    return request;
  }
  v1::Engagement Opened() {
    v1::Engagement engagement;
    EXPECT_TRUE(served_.Call("EngagementService/CreateEngagement", Opening(), &engagement).ok());
    return engagement;
  }
  template <class Response>
  std::string Reason(const std::string& method, const google::protobuf::Message& request) {
    Response response;
    return base::ReasonOf(served_.Call(method, request, &response));
  }
  std::string NameOf(const base::Uuid& engagement) {
    return "engagements/" + engagement.ToString();
  }

  Served served_;
  base::Uuid campaign_ = served_.world().HearCampaign();
};

TEST_F(Doors, AnOpenedEngagementIsShownWhole) {
  const v1::Engagement opened = Opened();
  EXPECT_EQ(opened.state(), v1::ENGAGEMENT_STATE_LEAD);
  EXPECT_EQ(opened.task(), registry::v1::TASK_KIND_CAMPAIGN);
  EXPECT_EQ(opened.lead_date(), "2023-05-10");
  EXPECT_EQ(opened.etag(), "\"1\"");
  EXPECT_EQ(opened.transitions_size(), 1);
  v1::GetEngagementRequest get;
  get.set_name(opened.name());
  v1::Engagement again;
  ASSERT_TRUE(served_.Call("EngagementService/GetEngagement", get, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), opened.SerializeAsString());
}

TEST_F(Doors, ValidateOnlyChecksAndLeavesNothing) {
  v1::CreateEngagementRequest request = Opening();
  request.set_validate_only(true);
  v1::Engagement rehearsed;
  ASSERT_TRUE(served_.Call("EngagementService/CreateEngagement", request, &rehearsed).ok());
  EXPECT_EQ(world().EventCount(), 0);
  request.mutable_engagement()->set_campaign("campaigns/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Reason<v1::Engagement>("EngagementService/CreateEngagement", request),
            "CAMPAIGN_UNKNOWN");
}

TEST_F(Doors, AnUpdateChangesWhatItsMaskNames) {
  const v1::Engagement opened = Opened();
  v1::UpdateEngagementRequest request;
  request.mutable_engagement()->set_name(opened.name());
  request.mutable_engagement()->set_etag(opened.etag());
  request.mutable_engagement()->set_manager("persons/" + base::Uuid::NewV7().ToString());
  request.mutable_update_mask()->add_paths("manager");
  request.mutable_update_mask()->add_paths("consultant");
  v1::Engagement changed;
  ASSERT_TRUE(served_.Call("EngagementService/UpdateEngagement", request, &changed).ok());
  EXPECT_EQ(changed.manager(), request.engagement().manager());
  EXPECT_EQ(changed.consultant(), "");
  EXPECT_EQ(Reason<v1::Engagement>("EngagementService/UpdateEngagement", request), "STALE_ETAG");
  request.mutable_update_mask()->add_paths("state");
  EXPECT_EQ(Reason<v1::Engagement>("EngagementService/UpdateEngagement", request),
            "UPDATE_MASK_INVALID");
}

TEST_F(Doors, AVisitIsPlannedHeldAndReported) {
  const base::Uuid engagement = world().Open(campaign_);
  world().Contact(engagement);
  v1::PlanVisitRequest plan;
  plan.set_parent(NameOf(engagement));
  *plan.mutable_start_time() = ToTimestamp(Korea("2023-05-10 09:00"));
  *plan.mutable_end_time() = ToTimestamp(Korea("2023-05-10 10:00"));
  v1::Visit visit;
  ASSERT_TRUE(served_.Call("EngagementService/PlanVisit", plan, &visit).ok());
  EXPECT_EQ(visit.state(), v1::VISIT_STATE_PLANNED);
  EXPECT_EQ(visit.visit_date(), "2023-05-10");
  v1::RecordVisitRequest record;
  record.set_name(visit.name());
  ASSERT_TRUE(served_.Call("EngagementService/RecordVisit", record, &visit).ok());
  EXPECT_EQ(visit.state(), v1::VISIT_STATE_HELD);
  v1::RecordVisitReportRequest report;
  report.set_name(visit.name());
  report.set_minutes("근무시간을 들음");
  report.set_etag(visit.etag());
  ASSERT_TRUE(served_.Call("EngagementService/RecordVisitReport", report, &visit).ok());
  EXPECT_EQ(visit.minutes(), "근무시간을 들음");
  EXPECT_TRUE(visit.has_report_time());
}

// row:C17
TEST_F(Doors, VisitsAreListedByWhatIsDueAndOverdue) {
  const base::Uuid first = world().Open(campaign_), second = world().Open(campaign_);
  for (const base::Uuid& id : {first, second}) world().Contact(id);
  world().Hold(first, world().Plan(first, "2023-05-10 09:00"), "");
  world().Plan(first, "2023-05-11 09:00");
  world().Plan(second, "2023-05-20 09:00");
  const auto count = [&](const std::string& filter, const std::string& parent = "engagements/-") {
    v1::ListVisitsRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    v1::ListVisitsResponse response;
    EXPECT_TRUE(served_.Call("EngagementService/ListVisits", request, &response).ok());
    return response.visits_size();
  };
  EXPECT_EQ(count(""), 3);
  EXPECT_EQ(count("", NameOf(first)), 2);
  EXPECT_EQ(count(R"(state = VISIT_STATE_PLANNED AND visit_date < "2023-05-12")"), 1);
  EXPECT_EQ(count("state = VISIT_STATE_HELD AND NOT report_time:*"), 1);
}

TEST_F(Doors, EngagementsArePagedWithoutRepeatsOrGaps) {
  std::set<std::string> names;
  for (int i = 0; i < 5; ++i) names.insert(Opened().name());
  v1::ListEngagementsRequest request;
  request.set_page_size(2);
  request.set_filter("campaign = \"campaigns/" + campaign_.ToString() +
                     "\" AND state = ENGAGEMENT_STATE_LEAD");
  request.set_order_by("lead_date desc, create_time");
  std::set<std::string> seen;
  v1::ListEngagementsResponse response;
  do {
    request.set_page_token(response.next_page_token());
    response.Clear();
    ASSERT_TRUE(served_.Call("EngagementService/ListEngagements", request, &response).ok());
    for (const auto& engagement : response.engagements()) {
      EXPECT_TRUE(seen.insert(engagement.name()).second);
      EXPECT_EQ(engagement.transitions_size(), 1);
    }
  } while (!response.next_page_token().empty());
  EXPECT_EQ(seen, names);
}

TEST_F(Doors, APageTokenIsForItsOwnQueryOnly) {
  for (int i = 0; i < 3; ++i) Opened();
  v1::ListEngagementsRequest request;
  request.set_page_size(1);
  v1::ListEngagementsResponse response;
  ASSERT_TRUE(served_.Call("EngagementService/ListEngagements", request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.set_filter("state = ENGAGEMENT_STATE_LEAD");
  EXPECT_EQ(Reason<v1::ListEngagementsResponse>("EngagementService/ListEngagements", request),
            "PAGE_TOKEN_INVALID");
}

TEST_F(Doors, AFilterThatNobodyUnderstandsIsRefused) {
  v1::ListApplicationsRequest request;
  request.set_filter("colour = 1");
  EXPECT_EQ(Reason<v1::ListApplicationsResponse>("FormService/ListApplications", request),
            "FILTER_INVALID");
  request.set_filter("state = SOMETHING");
  EXPECT_EQ(Reason<v1::ListApplicationsResponse>("FormService/ListApplications", request),
            "FILTER_INVALID");
}

TEST_F(Doors, APageOfLongFormsIsShorterThanAskedForAndLosesNone) {
  std::vector<FormAnswer> answers;
  for (int i = 0; i < 100; ++i) {
    answers.push_back({absl::StrCat("ITEM-", i), std::string(15000, 'a')});
  }
  for (int i = 0; i < 5; ++i) {  // 7.5 MB
    const base::Uuid engagement = world().Open(campaign_);
    IdOf(world().Do([&](auto& work) {
      return BeginDraft(work, {.engagement_id = engagement, .answers = answers});
    }));
  }
  v1::ListApplicationsRequest request;
  v1::ListApplicationsResponse response;
  int pages = 0, forms = 0;
  do {
    request.set_page_token(response.next_page_token());
    response.Clear();
    ASSERT_TRUE(served_.Call("FormService/ListApplications", request, &response).ok());
    forms += response.applications_size();
    ++pages;
  } while (!response.next_page_token().empty());
  EXPECT_EQ(forms, 5);
  EXPECT_GT(pages, 1);
}

TEST_F(Doors, AFormGoesFromDraftToReceiptAndIsShownWhole) {
  const base::Uuid engagement = world().Visited(campaign_);
  v1::CreateApplicationRequest create;
  create.mutable_application()->set_engagement(NameOf(engagement));
  create.mutable_application()->set_form_version("2023-1");
  auto* answer = create.mutable_application()->add_answers();
  answer->set_item_code("PLEDGE-01");
  answer->set_text("정시 퇴근");
  v1::Application form;
  ASSERT_TRUE(served_.Call("FormService/CreateApplication", create, &form).ok());
  EXPECT_EQ(form.state(), v1::APPLICATION_STATE_DRAFT);
  v1::UpdateApplicationRequest update;
  update.mutable_application()->set_name(form.name());
  update.mutable_application()->set_signed_by_representative(true);
  ASSERT_TRUE(served_.Call("FormService/UpdateApplication", update, &form).ok());
  EXPECT_EQ(form.draft_version(), 2);
  EXPECT_EQ(form.answers(0).text(), "정시 퇴근");
  v1::SubmitApplicationRequest submit;
  submit.set_name(form.name());
  ASSERT_TRUE(served_.Call("FormService/SubmitApplication", submit, &form).ok());
  v1::ReceiveApplicationRequest receive;
  receive.set_name(form.name());
  receive.set_etag(form.etag());
  ASSERT_TRUE(served_.Call("FormService/ReceiveApplication", receive, &form).ok());
  EXPECT_EQ(form.state(), v1::APPLICATION_STATE_RECEIVED);
  EXPECT_THAT(form.receipt_number(), ::testing::StartsWith("BSN."));
  EXPECT_EQ(form.received_date(), "2023-05-10");
  EXPECT_EQ(Reason<v1::Application>("FormService/ReceiveApplication", receive), "STALE_ETAG");
}

TEST_F(Doors, UnknownResourcesAreNotFound) {
  v1::GetApplicationRequest form;
  form.set_name("applications/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Reason<v1::Application>("FormService/GetApplication", form), "NOT_FOUND");
  v1::GetVisitRequest visit;
  visit.set_name(NameOf(base::Uuid::NewV7()) + "/visits/" + base::Uuid::NewV7().ToString());
  EXPECT_EQ(Reason<v1::Visit>("EngagementService/GetVisit", visit), "NOT_FOUND");
}

// law:L10
TEST_F(Doors, AResidentNumberInAnyTextIsRefusedByFieldAndNeverKept) {
  const base::Uuid engagement = world().Visited(campaign_);
  const base::Uuid visit = world().Plan(engagement, "2023-05-11 10:00");
  v1::RecordVisitReportRequest report;
  report.set_name(NameOf(engagement) + "/visits/" + visit.ToString());
  report.set_minutes("담당자 900101-1234567 와 면담");
  v1::Visit shown;
  const absl::Status refused = served_.Call("EngagementService/RecordVisitReport", report, &shown);
  EXPECT_EQ(base::ReasonOf(refused), "RESIDENT_NUMBER");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("minutes"));
  EXPECT_THAT(std::string(refused.message()), ::testing::Not(::testing::HasSubstr("900101")));
  v1::CreateApplicationRequest create;
  create.mutable_application()->set_engagement(NameOf(engagement));
  auto* answer = create.mutable_application()->add_answers();
  answer->set_item_code("PLEDGE-01");
  answer->set_text("9001011234567");
  EXPECT_EQ(Reason<v1::Application>("FormService/CreateApplication", create), "RESIDENT_NUMBER");
  EXPECT_EQ(world().Ask("SELECT count(*) FROM application"), "0");
}

TEST_F(Doors, TextWithANullCharacterIsRefused) {
  v1::RecordVisitReportRequest report;
  report.set_name(NameOf(base::Uuid::NewV7()) + "/visits/" + base::Uuid::NewV7().ToString());
  report.set_minutes(std::string("a\0b", 3));
  EXPECT_EQ(Reason<v1::Visit>("EngagementService/RecordVisitReport", report), "INVALID_TEXT");
}

TEST_F(Doors, DaysThatAreInNoCalendarAreRefused) {
  v1::ContactEngagementRequest contact;
  contact.set_name(Opened().name());
  contact.set_contact_date("2023-02-29");
  v1::Engagement shown;
  const absl::Status refused = served_.Call("EngagementService/ContactEngagement", contact, &shown);
  EXPECT_EQ(base::ReasonOf(refused), "DATE_INVALID");
  EXPECT_THAT(base::FieldsOf(refused), ElementsAre("contact_date"));
}

TEST_F(Doors, AnIllegalJumpIsRefused) {
  v1::FollowUpEngagementRequest follow_up;
  follow_up.set_name(Opened().name());
  v1::Engagement shown;
  const absl::Status refused =
      served_.Call("EngagementService/FollowUpEngagement", follow_up, &shown);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::ReasonOf(refused), "ENGAGEMENT_STATE");
}

TEST_F(Doors, AnUnknownSchemeIsRefused) {
  v1::RecordSchemeAdoptionRequest adopt;
  adopt.set_name(NameOf(base::Uuid::NewV7()));
  adopt.set_scheme_code("NONE");
  adopt.set_evidence("문서");
  EXPECT_EQ(Reason<v1::Engagement>("EngagementService/RecordSchemeAdoption", adopt),
            "SCHEME_UNKNOWN");
  adopt.set_scheme_code("FLEX");
  EXPECT_EQ(Reason<v1::Engagement>("EngagementService/RecordSchemeAdoption", adopt), "NOT_FOUND");
}

TEST_F(Doors, TheSameRequestIdIsOneDeedAndNotAnother) {
  v1::CreateEngagementRequest request = Opening();
  request.set_request_id(base::Uuid::NewV7().ToString());
  v1::Engagement first, second;
  ASSERT_TRUE(served_.Call("EngagementService/CreateEngagement", request, &first).ok());
  ASSERT_TRUE(served_.Call("EngagementService/CreateEngagement", request, &second).ok());
  EXPECT_EQ(first.name(), second.name());
  EXPECT_EQ(world().EventCount(), 1);
  request.mutable_engagement()->set_lead_source(v1::LEAD_SOURCE_REQUEST);
  EXPECT_EQ(Reason<v1::Engagement>("EngagementService/CreateEngagement", request),
            "REQUEST_ID_REUSED");
}

TEST_F(Doors, NobodyComesInWithoutIdentityAndPermission) {
  v1::Engagement shown;
  const v1::CreateEngagementRequest request = Opening();
  EXPECT_EQ(base::ReasonOf(
                served_.CallAs("unknown", "EngagementService/CreateEngagement", request, &shown)),
            "UNAUTHENTICATED");
  EXPECT_EQ(base::ReasonOf(served_.CallAs(kAuditorToken, "EngagementService/CreateEngagement",
                                          request, &shown)),
            "PERMISSION_DENIED");
  v1::ListEngagementsResponse listed;
  EXPECT_TRUE(served_
                  .CallAs(kAuditorToken, "EngagementService/ListEngagements",
                          v1::ListEngagementsRequest(), &listed)
                  .ok());
  EXPECT_EQ(world().EventCount(), 0);
}

}  // namespace
}  // namespace ieum::casemgmt::testing
