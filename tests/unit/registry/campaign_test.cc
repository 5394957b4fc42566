// Goal: a campaign takes forms within its window while it is open, and its terms stay consistent.
#include "services/registry/campaigns/campaign.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "services/registry/instants.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

const absl::Time kStart = base::KoreaInstant(absl::CivilDay(2023, 3, 13), 10);
const absl::Time kEnd = base::KoreaInstant(absl::CivilDay(2023, 10, 10), 18);

Campaign OpenOne() {
  Campaign campaign;
  campaign.display_name = "일·생활균형 캠페인";
  campaign.admission = v1::ADMISSION_MODE_RULES;
  campaign.window = TimeWindow{kStart, kEnd};
  campaign.capacity = 30;
  campaign.state = v1::CAMPAIGN_STATE_OPEN;
  return campaign;
}

TEST(Window, IncludesItsStartAndNotItsEnd) {
  const Campaign campaign = OpenOne();
  const absl::Duration tick = absl::Microseconds(1);
  EXPECT_FALSE(campaign.TookFormsDuring(kStart - tick, kStart - tick));
  EXPECT_TRUE(campaign.TookFormsDuring(kStart, kStart));
  EXPECT_TRUE(campaign.TookFormsDuring(kEnd - tick, kEnd - tick));
  EXPECT_FALSE(campaign.TookFormsDuring(kEnd, kEnd));
}

TEST(Window, IsMetByADayOfWhichSomeInstantLiesInIt) {
  const Campaign campaign = OpenOne();
  const auto day = [](absl::CivilDay civil) {
    return std::pair(base::KoreaInstant(civil, 0), base::KoreaInstant(civil, 23, 59));
  };
  const auto [first, first_end] = day(absl::CivilDay(2023, 3, 13));
  EXPECT_TRUE(campaign.TookFormsDuring(first, first_end));
  const auto [before, before_end] = day(absl::CivilDay(2023, 3, 12));
  EXPECT_FALSE(campaign.TookFormsDuring(before, before_end));
  const auto [after, after_end] = day(absl::CivilDay(2023, 10, 11));
  EXPECT_FALSE(campaign.TookFormsDuring(after, after_end));
}

TEST(Window, OfACampaignThatIsNotOpenTakesNothing) {
  Campaign campaign = OpenOne();
  campaign.state = v1::CAMPAIGN_STATE_PLANNED;
  EXPECT_FALSE(campaign.TookFormsDuring(kStart, kStart));
}

TEST(Window, KeepsAFormInTimeWhoseReceiptComesAfterTheClosing) {
  Campaign campaign = OpenOne();
  const absl::Time closing = kEnd - absl::Hours(24);
  ASSERT_TRUE(Close(&campaign, closing).ok());
  EXPECT_TRUE(campaign.TookFormsDuring(closing - absl::Seconds(1), closing - absl::Seconds(1)));
  EXPECT_FALSE(campaign.TookFormsDuring(closing, closing));
}

TEST(Window, HasKoreanDaysAndAnEndAtMidnightBelongsToTheDayBefore) {
  TimeWindow window{kStart, base::KoreaInstant(absl::CivilDay(2023, 7, 1), 0)};
  EXPECT_EQ(window.FirstDay(), absl::CivilDay(2023, 3, 13));
  EXPECT_EQ(window.LastDay(), absl::CivilDay(2023, 6, 30));
  window.end = kEnd;
  EXPECT_EQ(window.LastDay(), absl::CivilDay(2023, 10, 10));
}

TEST(CampaignState, GoesFromPlannedToOpenToClosed) {
  Campaign campaign = OpenOne();
  campaign.state = v1::CAMPAIGN_STATE_PLANNED;
  EXPECT_EQ(base::ReasonOf(Close(&campaign, kStart)), "CAMPAIGN_STATE");
  ASSERT_TRUE(Open(&campaign).ok());
  EXPECT_EQ(base::ReasonOf(Open(&campaign)), "CAMPAIGN_STATE");
  ASSERT_TRUE(Close(&campaign, kStart).ok());
  EXPECT_EQ(base::ReasonOf(Close(&campaign, kStart)), "CAMPAIGN_STATE");
  EXPECT_EQ(base::ReasonOf(Open(&campaign)), "CAMPAIGN_STATE");
}

TEST(CampaignState, NeedsAWindowBeforeItOpensUnlessItTakesNoForms) {
  Campaign campaign = OpenOne();
  campaign.state = v1::CAMPAIGN_STATE_PLANNED;
  campaign.window.reset();
  EXPECT_EQ(base::ReasonOf(Open(&campaign)), "WINDOW_MISSING");
  campaign.admission = v1::ADMISSION_MODE_NONE;
  EXPECT_TRUE(Open(&campaign).ok());
}

v1::Campaign Terms(absl::Time start, absl::Time end) {
  v1::Campaign terms;
  terms.set_display_name("캠페인");
  *terms.mutable_window()->mutable_start_time() = ToTimestamp(start);
  *terms.mutable_window()->mutable_end_time() = ToTimestamp(end);
  return terms;
}

TEST(Terms, RefuseAWindowThatEndsBeforeItStarts) {
  for (const absl::Time end : {kStart - absl::Seconds(1), kStart}) {
    Campaign campaign;
    base::FieldErrors errors;
    TakeTerms(Terms(kStart, end), &campaign, &errors);
    EXPECT_EQ(base::ReasonOf(errors.ToStatus()), "DATE_ORDER");
    EXPECT_THAT(base::FieldsOf(errors.ToStatus()), ElementsAre("campaign.window.end_time"));
  }
}

TEST(Terms, RefuseAWindowOfYearsThatNobodyHearsOf) {
  Campaign campaign;
  base::FieldErrors errors;
  TakeTerms(Terms(kStart, base::KoreaInstant(absl::CivilDay(3500, 1, 1), 9)), &campaign, &errors);
  EXPECT_THAT(base::FieldsOf(errors.ToStatus()), ElementsAre("campaign.window"));
}

TEST(Terms, TellAllFaultsAtOnce) {
  v1::Campaign terms = Terms(kStart, kStart);
  terms.set_display_name(" ");
  terms.set_capacity(-1);
  terms.set_offer_hours(-1);
  terms.mutable_eligibility()->add_organization_kinds(v1::ORGANIZATION_KIND_UNSPECIFIED);
  terms.mutable_eligibility()->add_size_bands(v1::SIZE_BAND_UNSPECIFIED);
  Campaign campaign;
  base::FieldErrors errors;
  TakeTerms(terms, &campaign, &errors);
  CheckRuleCodes({"99"}, {"04"}, &errors);
  EXPECT_THAT(base::FieldsOf(errors.ToStatus()),
              ElementsAre("campaign.display_name", "campaign.window.end_time", "campaign.capacity",
                          "campaign.offer_hours", "campaign.eligibility.organization_kinds",
                          "campaign.eligibility.size_bands", "campaign.eligibility.region_prefixes",
                          "campaign.eligibility.excluded_ksic"));
}

TEST(Terms, SurviveBeingWrittenAndTaken) {
  Campaign campaign = OpenOne(), again = OpenOne();
  campaign.waiting_list = true;
  campaign.offer_hours = 48;
  campaign.eligibility.set_sme_only(true);
  base::FieldErrors errors;
  TakeTerms(TermsOf(campaign), &again, &errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_THAT(ChangedTerms(campaign, again), ElementsAre());
  EXPECT_THAT(ChangedTerms(OpenOne(), again),
              ElementsAre("waiting_list", "offer_hours", "eligibility"));
}

TEST(Change, CannotTakeSeatsAwayFromThoseWhoHaveThem) {
  Campaign before = OpenOne();
  before.seats_taken = 24;
  Campaign after = before;
  after.capacity = 23;
  const absl::Status refusal = CheckChange(before, after);
  EXPECT_EQ(base::ReasonOf(refusal), "CAPACITY_BELOW_ENROLLED");
  after.capacity = 24;
  EXPECT_TRUE(CheckChange(before, after).ok());
  after.capacity = 0;
  EXPECT_TRUE(CheckChange(before, after).ok()) << "no limit";
}

TEST(Change, IsRefusedForAClosedCampaignAndForTheWindowOfAnOpenOne) {
  Campaign before = OpenOne(), after = OpenOne();
  after.window.reset();
  EXPECT_EQ(base::ReasonOf(CheckChange(before, after)), "WINDOW_MISSING");
  before.state = v1::CAMPAIGN_STATE_PLANNED;
  EXPECT_TRUE(CheckChange(before, after).ok());
  before.state = v1::CAMPAIGN_STATE_CLOSED;
  EXPECT_EQ(base::ReasonOf(CheckChange(before, after)), "CAMPAIGN_STATE");
}

}  // namespace
}  // namespace ieum::registry
