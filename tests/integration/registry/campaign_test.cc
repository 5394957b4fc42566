// Goal: campaigns are planned with terms that make sense, opened, changed and closed in order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

v1::CreateCampaignRequest CreateRequest() {
  v1::CreateCampaignRequest request;
  v1::Campaign& campaign = *request.mutable_campaign();
  campaign.set_programme("BSN");
  campaign.set_edition("2023");
  campaign.set_code("WLB-CAMPAIGN");
  campaign.set_display_name("일·생활균형 캠페인");
  campaign.set_task(v1::TASK_KIND_CAMPAIGN);
  campaign.set_admission(v1::ADMISSION_MODE_RULES);
  *campaign.mutable_window()->mutable_start_time() = ToTimestamp(Korea("2023-03-13 10:00"));
  *campaign.mutable_window()->mutable_end_time() = ToTimestamp(Korea("2023-10-10 18:00"));
  campaign.set_capacity(30);
  campaign.mutable_eligibility()->add_region_prefixes("26");
  campaign.mutable_eligibility()->add_excluded_ksic("I");
  return request;
}

class Campaigns : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Campaign> Create(const v1::CreateCampaignRequest& request) {
    return world_.Call<v1::Campaign>("CampaignService/CreateCampaign", request);
  }
  absl::StatusOr<v1::Campaign> Update(const v1::UpdateCampaignRequest& request) {
    return world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", request);
  }
  absl::StatusOr<v1::Campaign> Open(const std::string& name, const std::string& etag = "") {
    v1::OpenCampaignRequest request;
    request.set_name(name);
    request.set_etag(etag);
    return world_.Call<v1::Campaign>("CampaignService/OpenCampaign", request);
  }
  absl::StatusOr<v1::Campaign> Close(const std::string& name) {
    v1::CloseCampaignRequest request;
    request.set_name(name);
    return world_.Call<v1::Campaign>("CampaignService/CloseCampaign", request);
  }

  World world_;
};

TEST_F(Campaigns, TellTheirTermsWithKoreanDays) {
  v1::CreateCampaignRequest request = CreateRequest();
  *request.mutable_campaign()->mutable_window()->mutable_end_time() =
      ToTimestamp(Korea("2023-10-11 00:00"));
  const auto campaign = Create(request);
  ASSERT_TRUE(campaign.ok()) << campaign.status();
  EXPECT_EQ(campaign->state(), v1::CAMPAIGN_STATE_PLANNED);
  const auto event = world_.Events(campaign->name())[0].As<v1::CampaignCreated>();
  EXPECT_EQ(event.campaign().window_start_date(), "2023-03-13");
  EXPECT_EQ(event.campaign().window_end_date(), "2023-10-10");
  EXPECT_EQ(event.campaign().campaign_code(), "WLB-CAMPAIGN");
  EXPECT_EQ(event.campaign().eligibility().excluded_ksic(0), "I");
  EXPECT_EQ(event.event_date(), "2023-05-02");
}

TEST_F(Campaigns, RefuseAWindowThatEndsBeforeItStarts) {
  v1::CreateCampaignRequest request = CreateRequest();
  *request.mutable_campaign()->mutable_window()->mutable_end_time() =
      ToTimestamp(Korea("2023-03-13 09:59"));
  const absl::Status refusal = Create(request).status();
  EXPECT_EQ(base::ReasonOf(refusal), "DATE_ORDER");
  EXPECT_THAT(base::FieldsOf(refusal), ElementsAre("campaign.window.end_time"));
}

TEST_F(Campaigns, RefuseRulesThatNameNothing) {
  v1::CreateCampaignRequest request = CreateRequest();
  request.mutable_campaign()->mutable_eligibility()->add_region_prefixes("99");
  request.mutable_campaign()->mutable_eligibility()->add_excluded_ksic("04");
  const absl::Status refusal = Create(request).status();
  EXPECT_EQ(base::ReasonOf(refusal), "REGION_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(refusal), ElementsAre("campaign.eligibility.region_prefixes",
                                                   "campaign.eligibility.excluded_ksic"));
  request = CreateRequest();
  request.mutable_campaign()->mutable_eligibility()->add_excluded_ksic("40");
  EXPECT_EQ(base::ReasonOf(Create(request).status()), "KSIC_UNKNOWN");
}

TEST_F(Campaigns, HaveTheirCodeAloneInAnEdition) {
  ASSERT_TRUE(Create(CreateRequest()).ok());
  EXPECT_EQ(base::ReasonOf(Create(CreateRequest()).status()), "CAMPAIGN_CODE_TAKEN");
  v1::CreateCampaignRequest next = CreateRequest();
  next.mutable_campaign()->set_edition("2024");
  EXPECT_TRUE(Create(next).ok());
}

TEST_F(Campaigns, GoFromPlannedToOpenToClosed) {
  const std::string name = Create(CreateRequest())->name();
  EXPECT_EQ(base::ReasonOf(Close(name).status()), "CAMPAIGN_STATE");
  EXPECT_EQ(base::ReasonOf(Open(name, "\"7\"").status()), "STALE_ETAG");
  ASSERT_TRUE(Open(name, "\"1\"").ok());
  EXPECT_EQ(base::ReasonOf(Open(name).status()), "CAMPAIGN_STATE");
  EXPECT_EQ(Close(name)->state(), v1::CAMPAIGN_STATE_CLOSED);
  EXPECT_EQ(base::ReasonOf(Close(name).status()), "CAMPAIGN_STATE");
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(name);
  update.mutable_campaign()->set_capacity(40);
  EXPECT_EQ(base::ReasonOf(Update(update).status()), "CAMPAIGN_STATE");
  EXPECT_THAT(world_.EventTypes(name),
              ElementsAre("CampaignCreated", "CampaignOpened", "CampaignClosed"));
}

TEST_F(Campaigns, NeedAWindowToOpenUnlessTheyTakeNoForms) {
  v1::CreateCampaignRequest request = CreateRequest();
  request.mutable_campaign()->clear_window();
  EXPECT_EQ(base::ReasonOf(Open(Create(request)->name()).status()), "WINDOW_MISSING");
  request.mutable_campaign()->set_code("FOCUS");
  request.mutable_campaign()->set_admission(v1::ADMISSION_MODE_NONE);
  EXPECT_TRUE(Open(Create(request)->name()).ok());
}

// row:R26
TEST_F(Campaigns, ChangeTheFieldsThatAreNamedAndNoOthers) {
  const auto campaign = Create(CreateRequest());
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(campaign->name());
  update.mutable_campaign()->set_etag(campaign->etag());
  *update.mutable_campaign()->mutable_window()->mutable_end_time() =
      ToTimestamp(Korea("2023-10-20 18:00"));
  update.mutable_campaign()->set_capacity(7);
  update.mutable_update_mask()->add_paths("window.end_time");
  const auto moved = Update(update);
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(FromTimestamp(moved->window().start_time()), Korea("2023-03-13 10:00"));
  EXPECT_EQ(FromTimestamp(moved->window().end_time()), Korea("2023-10-20 18:00"));
  EXPECT_EQ(moved->capacity(), 30);
  EXPECT_EQ(base::ReasonOf(Update(update).status()), "STALE_ETAG");
  const auto event = world_.Events(campaign->name())[1].As<v1::CampaignChanged>();
  EXPECT_THAT(event.changed_fields(), ElementsAre("window"));
  EXPECT_EQ(event.campaign().window_end_date(), "2023-10-20");
}

TEST_F(Campaigns, RefuseACapacityBelowTheSeatsTaken) {
  const std::string campaign = world_.OpenCampaign();
  for (int n = 1; n <= 3; ++n) world_.Enrol(campaign, world_.Firm(n));
  v1::UpdateCampaignRequest update;
  update.mutable_campaign()->set_name(campaign);
  update.mutable_campaign()->set_capacity(2);
  const absl::Status refusal = Update(update).status();
  EXPECT_EQ(base::ReasonOf(refusal), "CAPACITY_BELOW_ENROLLED");
  EXPECT_EQ(refusal.code(), absl::StatusCode::kFailedPrecondition);
  update.mutable_campaign()->set_capacity(-1);
  EXPECT_EQ(base::ReasonOf(Update(update).status()), "INVALID_FIELD");
  update.mutable_campaign()->set_capacity(3);
  EXPECT_EQ(Update(update)->capacity(), 3);
  EXPECT_EQ(world_.GetCampaign(campaign).enrolled_count(), 3);
}

TEST_F(Campaigns, AreListedByProgrammeEditionAndState) {
  const std::string open = world_.OpenCampaign();
  ASSERT_TRUE(Create(CreateRequest()).ok());
  v1::ListCampaignsRequest request;
  request.set_filter("programme = \"BSN\" AND edition = \"2023\" AND state = CAMPAIGN_STATE_OPEN");
  const auto page =
      world_.Call<v1::ListCampaignsResponse>("CampaignService/ListCampaigns", request);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->campaigns_size(), 1);
  EXPECT_EQ(page->campaigns(0).name(), open);
  request.set_filter("colour = \"red\"");
  EXPECT_EQ(base::ReasonOf(
                world_.Call<v1::ListCampaignsResponse>("CampaignService/ListCampaigns", request)
                    .status()),
            "FILTER_INVALID");
}

}  // namespace
}  // namespace ieum::registry
