// Goal: campaigns are known as they were at any instant: their terms, their state, and how many had
// seats. Method: over gRPC, with a clock that the test moves; rows that an older program writes.
// row:R22
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/instants.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CampaignThen : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Campaign> At(const std::string& campaign, const std::string& then) {
    v1::GetCampaignRequest request;
    request.set_name(campaign);
    *request.mutable_read_time() = ToTimestamp(Korea(then));
    return world_.Call<v1::Campaign>("CampaignService/GetCampaign", request);
  }
  std::vector<std::string> ListAt(const std::string& then, const std::string& filter = "",
                                  rpc::Peer* as = nullptr) {
    v1::ListCampaignsRequest request;
    request.set_filter(filter);
    *request.mutable_read_time() = ToTimestamp(Korea(then));
    const auto page =
        world_.Call<v1::ListCampaignsResponse>("CampaignService/ListCampaigns", request, as);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    for (const v1::Campaign& campaign : page->campaigns()) names.push_back(campaign.display_name());
    return names;
  }
  v1::Campaign Rename(const std::string& campaign, const std::string& to) {
    v1::UpdateCampaignRequest request;
    request.mutable_campaign()->set_name(campaign);
    request.mutable_campaign()->set_display_name(to);
    request.mutable_update_mask()->add_paths("display_name");
    return world_.Call<v1::Campaign>("CampaignService/UpdateCampaign", request).value();
  }

  World world_;  // 2 May 2023, 11:00
};

TEST_F(CampaignThen, SaysWhatItsTermsAndItsStateWere) {
  const std::string campaign = world_.OpenCampaign();
  const v1::Campaign opened = world_.GetCampaign(campaign);
  world_.SetClock("2023-05-03 11:00");
  Rename(campaign, "둘째 이름");
  world_.SetClock("2023-05-04 11:00");
  v1::CloseCampaignRequest close;
  close.set_name(campaign);
  ASSERT_TRUE(world_.Call<v1::Campaign>("CampaignService/CloseCampaign", close).ok());
  world_.SetClock("2023-05-05 11:00");

  EXPECT_EQ(base::ReasonOf(At(campaign, "2023-05-02 10:59").status()), "NOT_FOUND");
  EXPECT_EQ(At(campaign, "2023-05-02 11:00")->DebugString(), opened.DebugString());
  const auto second = At(campaign, "2023-05-03 11:00").value();
  EXPECT_EQ(second.display_name(), "둘째 이름");
  EXPECT_EQ(second.state(), v1::CAMPAIGN_STATE_OPEN);
  EXPECT_EQ(At(campaign, "2023-05-04 10:59")->state(), v1::CAMPAIGN_STATE_OPEN);
  EXPECT_EQ(At(campaign, "2023-05-04 11:00")->DebugString(),
            world_.GetCampaign(campaign).DebugString());
  EXPECT_EQ(base::FieldsOf(At(campaign, "2023-05-06 11:00").status()),
            std::vector<std::string>{"read_time"});

  EXPECT_THAT(ListAt("2023-05-02 10:00"), IsEmpty());
  EXPECT_THAT(ListAt("2023-05-03 11:00"), ElementsAre("둘째 이름"));
  EXPECT_THAT(ListAt("2023-05-03 11:00", "state = CAMPAIGN_STATE_CLOSED"), IsEmpty());
  EXPECT_THAT(ListAt("2023-05-05 11:00", "state = CAMPAIGN_STATE_CLOSED"),
              ElementsAre("둘째 이름"));
}

TEST_F(CampaignThen, CountsWhoHadASeatThen) {
  const std::string campaign = world_.OpenCampaign([](v1::Campaign* wish) {
    wish->set_capacity(1);
    wish->set_waiting_list(true);
    wish->set_offer_hours(24);
  });
  const v1::Enrolment seated = world_.Enrol(campaign, world_.Firm(1));
  world_.SetClock("2023-05-03 11:00");
  world_.Enrol(campaign, world_.Firm(2));
  world_.SetClock("2023-05-04 11:00");
  v1::WithdrawEnrolmentRequest leave;
  leave.set_name(seated.name());
  leave.set_reason(v1::WITHDRAWAL_REASON_REQUESTED);
  ASSERT_TRUE(world_.Call<v1::Enrolment>("EnrolmentService/WithdrawEnrolment", leave).ok());
  world_.SetClock("2023-05-05 11:00");

  const auto first = At(campaign, "2023-05-02 12:00").value();
  EXPECT_EQ(first.enrolled_count(), 1);
  EXPECT_EQ(first.waiting_count(), 0);
  const auto second = At(campaign, "2023-05-03 12:00").value();
  EXPECT_EQ(second.enrolled_count(), 1);
  EXPECT_EQ(second.waiting_count(), 1);
  const auto third = At(campaign, "2023-05-04 12:00").value();
  EXPECT_EQ(third.enrolled_count(), 0);
  EXPECT_EQ(third.offered_count(), 1);
  EXPECT_EQ(third.waiting_count(), 0);
  EXPECT_EQ(third.DebugString(), world_.GetCampaign(campaign).DebugString());
  // Seats that change hands make no version.
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM campaign_version_before"), "1") << "it was opened";
}

// A program of an older release writes the row as ever, and a clock goes back.
TEST_F(CampaignThen, KeepsWhatAnOlderProgramWrites) {
  const std::string campaign = world_.OpenCampaign();
  world_.Ask(
      "UPDATE campaign SET display_name = 'older', updated_at = '2023-05-03 02:00Z' "
      "RETURNING 1");
  world_.Ask(
      "UPDATE campaign SET display_name = 'back', updated_at = '2023-05-02 12:00Z' "
      "RETURNING 1");
  world_.SetClock("2023-05-04 11:00");
  EXPECT_EQ(At(campaign, "2023-05-02 23:00")->display_name(), "일·생활균형 캠페인");
  EXPECT_EQ(At(campaign, "2023-05-03 12:00")->display_name(), "back")
      << "known from the last instant on";
}

}  // namespace
}  // namespace ieum::registry
