// Goal: what was heard of firms and campaigns decides to the second and to the day. Method: values
// on both sides of every bound; a scheme list that is old, short or away.
#include "services/casemgmt/references/reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/references/scheme_book.h"

namespace ieum::casemgmt {
namespace {

using base::KoreaInstant;

CampaignReference OpenCampaign() {
  CampaignReference campaign;
  campaign.state = registry::v1::CAMPAIGN_STATE_OPEN;
  campaign.window_start = KoreaInstant(absl::CivilDay(2023, 3, 13), 10);
  campaign.window_end = KoreaInstant(absl::CivilDay(2023, 10, 10), 18);
  return campaign;
}

std::string At(const CampaignReference& campaign, absl::Time instant) {
  return base::ReasonOf(CheckInWindow(campaign, instant));
}

TEST(Window, HoldsItsStartAndNotItsEnd) {
  const CampaignReference campaign = OpenCampaign();
  EXPECT_EQ(At(campaign, *campaign.window_start - absl::Seconds(1)), "WINDOW_CLOSED");
  EXPECT_EQ(At(campaign, *campaign.window_start), "");
  EXPECT_EQ(At(campaign, *campaign.window_end - absl::Seconds(1)), "");
  EXPECT_EQ(At(campaign, *campaign.window_end - absl::Microseconds(1)), "");
  EXPECT_EQ(At(campaign, *campaign.window_end), "WINDOW_CLOSED");
}

TEST(Window, IsShutUnlessTheCampaignIsOpen) {
  CampaignReference campaign = OpenCampaign();
  for (const auto state :
       {registry::v1::CAMPAIGN_STATE_PLANNED, registry::v1::CAMPAIGN_STATE_CLOSED}) {
    campaign.state = state;
    EXPECT_EQ(At(campaign, *campaign.window_start), "WINDOW_CLOSED");
  }
}

TEST(Window, ThatIsNotThereNeverShuts) {
  CampaignReference campaign = OpenCampaign();
  campaign.window_start.reset();
  campaign.window_end.reset();
  EXPECT_EQ(At(campaign, KoreaInstant(absl::CivilDay(2029, 1, 1), 0)), "");
}

TEST(Firm, TakesPartUntilTheDayOfItsDeactivation) {
  OrganizationReference firm{.kind = registry::v1::ORGANIZATION_KIND_FIRM};
  const absl::CivilDay day(2023, 6, 1);
  EXPECT_TRUE(CheckTakesPart(firm, day).ok());
  firm.inactive_from = day;
  EXPECT_TRUE(CheckTakesPart(firm, day - 1).ok());
  EXPECT_EQ(base::ReasonOf(CheckTakesPart(firm, day)), "ORGANIZATION_INACTIVE");
  EXPECT_EQ(base::ReasonOf(CheckTakesPart(std::nullopt, day)), "ORGANIZATION_UNKNOWN");
}

TEST(Firm, IsNoBodyOfAnotherKind) {
  for (const auto kind :
       {registry::v1::ORGANIZATION_KIND_CENTRE, registry::v1::ORGANIZATION_KIND_COUNCIL_BODY,
        registry::v1::ORGANIZATION_KIND_AGENCY}) {
    EXPECT_EQ(base::ReasonOf(
                  CheckTakesPart(OrganizationReference{.kind = kind}, absl::CivilDay(2023, 6, 1))),
              "ORGANIZATION_NOT_FIRM");
  }
}

TEST(StepDay, IsTodayInKoreaUnlessGiven) {
  const absl::Time now = KoreaInstant(absl::CivilDay(2023, 5, 10), 8);  // still 9 May in UTC
  const absl::CivilDay today(2023, 5, 10), before(2023, 5, 1);
  EXPECT_EQ(*StepDay(std::nullopt, now, before, "day"), today);
  EXPECT_EQ(*StepDay(before, now, before, "day"), before);
  EXPECT_EQ(base::ReasonOf(StepDay(today + 1, now, before, "day").status()), "DATE_INVALID");
  const auto early = StepDay(before - 1, now, before, "day");
  EXPECT_EQ(base::ReasonOf(early.status()), "DATE_ORDER");
  EXPECT_THAT(base::FieldsOf(early.status()), ::testing::ElementsAre("day"));
}

TEST(Day, ThatIsInNoCalendarIsRefused) {
  EXPECT_EQ(base::ReasonOf(DayIn("2023-02-29", "day").status()), "DATE_INVALID");
  EXPECT_EQ(**DayIn("2024-02-29", "day"), absl::CivilDay(2024, 2, 29));
  EXPECT_FALSE(DayIn("", "day")->has_value());
}

TEST(Instant, IsCutToMicrosecondsAndBounded) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(1696928399);  // 17:59:59 on the last day of the window
  timestamp.set_nanos(999999999);
  const auto instant = InstantIn(timestamp, "at");
  EXPECT_EQ(*instant, absl::FromUnixMicros(1696928399999999));
  EXPECT_EQ(ToTimestamp(*instant).nanos(), 999999000);
  timestamp.set_seconds(int64_t{1} << 50);
  EXPECT_EQ(base::ReasonOf(InstantIn(timestamp, "at").status()), "DATE_INVALID");
}

registry::v1::Scheme Scheme(const std::string& code, const std::string& from = "",
                            const std::string& to = "") {
  registry::v1::Scheme scheme;
  scheme.set_code(code);
  scheme.set_valid_from(from);
  scheme.set_valid_to(to);
  return scheme;
}

TEST(Scheme, ExistsOnItsDaysOnly) {
  SchemeBook book([]() -> absl::StatusOr<std::vector<registry::v1::Scheme>> {
    return {{Scheme("FLEX"), Scheme("ENV", "2023-01-01", "2023-06-30")}};
  });
  EXPECT_TRUE(book.Check({}, absl::CivilDay(2023, 1, 1), "codes").ok());
  EXPECT_TRUE(book.Check({"FLEX", "ENV"}, absl::CivilDay(2023, 6, 30), "codes").ok());
  EXPECT_EQ(base::ReasonOf(book.Check({"ENV"}, absl::CivilDay(2023, 7, 1), "codes")),
            "SCHEME_UNKNOWN");
  const auto unknown = book.Check({"FLEX", "NONE"}, absl::CivilDay(2023, 1, 1), "codes");
  EXPECT_EQ(base::ReasonOf(unknown), "SCHEME_UNKNOWN");
  EXPECT_THAT(base::FieldsOf(unknown), ::testing::ElementsAre("codes"));
}

TEST(Scheme, IsRememberedWhileRegistryIsAway) {
  int asked = 0;
  bool away = false;
  SchemeBook book([&]() -> absl::StatusOr<std::vector<registry::v1::Scheme>> {
    ++asked;
    if (away) return absl::UnavailableError("away");
    return {{Scheme("FLEX")}};
  });
  EXPECT_TRUE(book.Check({"FLEX"}, absl::CivilDay(2023, 1, 1), "codes").ok());
  away = true;
  EXPECT_TRUE(book.Check({"FLEX"}, absl::CivilDay(2023, 1, 1), "codes").ok());
  EXPECT_EQ(asked, 1);
}

TEST(Scheme, CannotBeToldWhenRegistryNeverAnswered) {
  int asked = 0;
  SchemeBook book([&]() -> absl::StatusOr<std::vector<registry::v1::Scheme>> {
    ++asked;
    return absl::UnavailableError("away");
  });
  const auto status = book.Check({"FLEX"}, absl::CivilDay(2023, 1, 1), "codes");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(base::ReasonOf(status), "UNAVAILABLE");
  EXPECT_FALSE(book.Check({"FLEX"}, absl::CivilDay(2023, 1, 1), "codes").ok());
  EXPECT_EQ(asked, 1);  // not again at once
}

}  // namespace
}  // namespace ieum::casemgmt
