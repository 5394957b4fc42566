// Goal: what a changed file changes is said before and while it is done, and a plan that came back
// from the registry differs from itself in nothing. row:X16
#include "tools/plan/plan_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Message>
Message Made(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr char kEdition[] = R"(
  name: "programmes/BSN/editions/2023" year: 2023 budget_year: 2023 etag: "\"3\""
  state: EDITION_STATE_PLANNED
  lines {
    code: "BSN-1" display_name: "협의회"
    targets { indicator: "B01" value: "3" unit: COUNTING_UNIT_OCCURRENCE }
    dates { key: "C-1" kind: PLANNED_DATE_KIND_ACTIVITY start { date: "2023-05-24" }
            start_date: "2023-05-24" end_date: "2023-05-24" activity_id: "x" }
  }
  lines { code: "BSN-2" display_name: "워크숍" })";

TEST(PlanDiff, IsNothingForThePlanItself) {
  const auto edition = Made<v1::Edition>(kEdition);
  EXPECT_THAT(Differences(edition, Wanted(edition)), IsEmpty());
}

TEST(PlanDiff, SaysWhatCameWentAndChanged) {
  const auto is = Made<v1::Edition>(kEdition);
  v1::Edition wanted = Wanted(is);
  wanted.mutable_lines(0)->mutable_targets(0)->set_value("4");
  wanted.mutable_lines(0)->mutable_dates(0)->mutable_start()->set_date("2023-05-25");
  wanted.mutable_lines(1)->set_code("BSN-3");
  EXPECT_THAT(Differences(is, wanted), ElementsAre("~ target B01: 3 occurrence → 4 occurrence",
                                                   "~ date C-1 of BSN-1: 2023-05-24 → 2023-05-25",
                                                   "+ line BSN-3", "- line BSN-2"));
}

TEST(PlanDiff, SeesTheOrderOfLines) {
  const auto is = Made<v1::Edition>(kEdition);
  v1::Edition wanted = Wanted(is);
  wanted.mutable_lines()->SwapElements(0, 1);
  EXPECT_THAT(Differences(is, wanted), ElementsAre("~ the order of the lines"));
}

TEST(PlanDiff, OfCampaignsIsOfTheirTermsOnly) {
  const auto is = Made<v1::Campaign>(R"(
    name: "campaigns/x" code: "WLB" display_name: "캠페인" capacity: 30 enrolled_count: 7
    window { start_time { seconds: 1678669200 } end_time { seconds: 1696928400 } })");
  v1::Campaign wanted = is;
  wanted.clear_enrolled_count();
  wanted.clear_name();
  EXPECT_THAT(Differences(is, wanted), IsEmpty());
  wanted.set_capacity(40);
  wanted.mutable_window()->mutable_end_time()->set_seconds(1697014800);
  EXPECT_THAT(Differences(is, wanted),
              ElementsAre("~ window of campaign WLB: 2023-03-13 10:00 to 2023-10-10 18:00 → "
                          "2023-03-13 10:00 to 2023-10-11 18:00",
                          "~ seats of campaign WLB: 30 → 40"));
}

}  // namespace
}  // namespace ieum::plan
