// Goal: who writes a plan hears of everything that is wrong with it at once, with the line. Method:
// one good file, and files with one fault or many. row:X16
#include "tools/plan/plan_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kGood[] = R"(programme: {code: BSN, name: 부산, name_en: Busan}
edition:
  code: "2023"
  year: 2023
  lead: C01
lines:
  - code: BSN-1
    area: I
    name: 협의회
    targets:
      - {indicator: B01, target: 3, unit: occurrence, moment: HELD, position: 1}
      - {indicator: B24, target: "100.0", unit: percent}
    dates:
      - {key: COUNCIL-1, on: 4th Wednesday of May}
      - {key: FAIR, from: Monday of 2nd week of November, to: 2023-11-11}
  - code: BSN-4
    name: 캠페인
    task: campaign
    targets: [{indicator: B25, unit: firm}]
    campaign:
      code: WLB
      name: 캠페인
      admission: rules
      opens: 2023-03-13 10:00
      closes: 2023-10-10 18:00
      seats: 30
      waiting_list: true
      admits:
        sme_only: true
        region_prefixes: ["26"]
)";

std::vector<std::string> FaultsOf(const std::string& text) {
  std::vector<Fault> faults;
  ReadPlan(text, &faults);
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(std::to_string(fault.line) + " " + fault.what);
  return lines;
}

std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(PlanFile, BringsProgrammeEditionLinesAndCampaigns) {
  std::vector<Fault> faults;
  const Plan plan = ReadPlan(kGood, &faults);
  ASSERT_THAT(faults, IsEmpty()) << FaultText("plan.yaml", faults);
  EXPECT_EQ(plan.programme.display_name(), "부산");
  EXPECT_EQ(plan.edition_name(), "programmes/BSN/editions/2023");
  EXPECT_EQ(plan.edition.year(), 2023);
  EXPECT_EQ(plan.edition.budget_year(), 2023);
  EXPECT_EQ(plan.lead, "C01");
  ASSERT_EQ(plan.edition.lines_size(), 2);
  const v1::ActivityLine& council = plan.edition.lines(0);
  EXPECT_EQ(council.targets(0).value(), "3");
  EXPECT_EQ(council.targets(0).unit(), v1::COUNTING_UNIT_OCCURRENCE);
  EXPECT_EQ(council.targets(1).value(), "100.0");
  EXPECT_EQ(council.dates(0).start().nth_weekday().month(), 5);
  EXPECT_FALSE(council.dates(0).has_end());
  EXPECT_EQ(council.dates(1).end().date(), "2023-11-11");
  EXPECT_EQ(plan.edition.lines(1).targets(0).value(), "");
  ASSERT_EQ(plan.campaigns.size(), 1u);
  const v1::Campaign& campaign = plan.campaigns[0].campaign;
  EXPECT_EQ(campaign.programme(), "BSN");
  EXPECT_EQ(campaign.edition(), "2023");
  EXPECT_EQ(campaign.task(), v1::TASK_KIND_CAMPAIGN);
  EXPECT_EQ(campaign.admission(), v1::ADMISSION_MODE_RULES);
  EXPECT_EQ(campaign.window().end_time().seconds(), 1696928400);
  EXPECT_TRUE(campaign.eligibility().sme_only());
  EXPECT_EQ(plan.edition.lines(1).campaign(), "WLB");
}

TEST(PlanFile, KnowsTheLineOfEveryPathOfTheContract) {
  std::vector<Fault> faults;
  const Plan plan = ReadPlan(kGood, &faults);
  EXPECT_EQ(plan.LineOf("edition.lines[0].dates[1].start.date"), 15);
  EXPECT_EQ(plan.LineOf("edition.lines[0].targets[1].value"), 12);
  EXPECT_EQ(plan.LineOf("edition.lines[1].code"), 16);
  EXPECT_EQ(plan.LineOf("edition.lead_organization"), 5);
  EXPECT_EQ(plan.LineOf("edition.year"), 3);
  EXPECT_EQ(plan.LineOf("nothing.of.it"), 0);
}

TEST(PlanFile, SaysEachFaultWithItsLine) {
  const struct {
    const char *what, *by, *fault;
  } kTable[] = {
      {"  year: 2023\n", "", "3 the `edition` needs `year`"},
      {"year: 2023", "year: soon", "4 `year` must be a whole number"},
      {"target: 3,", "target: 0,",
       "11 `target` must be a number above zero; without one the figure has no target"},
      {"indicator: B24", "indicator: B01", "12 `indicator` B01 stands above already"},
      {"code: BSN-4", "code: BSN-1", "16 `code` BSN-1 stands above already"},
      {"code: BSN-4", "code: bsn 4",
       "16 `code` must be a code of capital letters, digits, hyphens and underlines"},
      {"area: I\n", "aera: I\n", "8 a line knows no `aera`"},
      {"to: 2023-11-11", "to: 2023-02-29", "15 `to` is no day of the calendar"},
      {"    task: campaign\n", "", "20 a line that opens a campaign needs a `task`"},
      {"closes: 2023-10-10 18:00", "closes: 2023-03-13 10:00",
       "25 `closes` must be later than `opens`"},
      {"opens: 2023-03-13 10:00", "opens: 13 March",
       "24 `opens` must be a time in Korea, written like 2023-10-10 18:00"},
      {"waiting_list: true", "waiting_list: perhaps", "27 `waiting_list` must be true or false"},
      {"opens: 2023-03-13 10:00", "opens: infinite-future",
       "24 `opens` must be a time in Korea, written like 2023-10-10 18:00"},
      {"seats: 30", "seats: 99999999999", "26 `seats` must be a whole number"},
      {"target: 3,", "target: 3, target: 30,",
       "11 `target` stands above already in the same mapping"},
      {"lines:\n", "lines: []\nlines:\n", "7 `lines` stands above already in the same mapping"},
      {"programme: {", "programmes: {", "0 the plan needs the `programme`"},
  };
  for (const auto& row : kTable) {
    EXPECT_THAT(FaultsOf(Replaced(kGood, row.what, row.by)), ::testing::Contains(row.fault))
        << row.by;
  }
}

TEST(PlanFile, SaysAllFaultsAtOnceInTheOrderOfTheFile) {
  std::string text = Replaced(kGood, "unit: occurrence", "unit: meeting");
  text = Replaced(text, "4th Wednesday of May", "some Wednesday");
  text = Replaced(text, "sme_only", "small_only");
  const std::vector<std::string> faults = FaultsOf(text);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0],
            "11 `unit` must be one of firm, centre, person, occurrence, document, group, place, "
            "response, certificate, percent, point");
  EXPECT_THAT(faults[1], ::testing::StartsWith("14 `on` is no rule for a date"));
  EXPECT_THAT(faults[2], ::testing::StartsWith("29 `admits` must hold fields of EligibilityRules"));
}

TEST(PlanFile, IsReadWhateverItHolds) {
  EXPECT_THAT(FaultsOf("a: [1, 2"), ElementsAre(::testing::HasSubstr("is no YAML")));
  for (const char* text :
       {"", "- 1\n", "3", "programme: 3\nedition: []\nlines: {}\n",
        "lines: [1, [2], {code: [3]}]\n", "lines: [{dates: 3, targets: {a: 1}}]"}) {
    EXPECT_THAT(FaultsOf(text), ::testing::Not(IsEmpty())) << text;
  }
}

// What a hostile file would have of the reader: all of its memory, its stack, or its silence.
TEST(PlanFile, IsRefusedBeforeItsValuesAreMadeWhereTheyCouldBeAnything) {
  std::string laughs = "a0: &a0 [ha, ha]\n";
  for (int at = 1; at <= 30; ++at) {
    absl::StrAppend(&laughs, "a", at, ": &a", at, " [*a", at - 1, ", *a", at - 1, "]\n");
  }
  laughs += Replaced(kGood, "sme_only: true", "sme_only: *a30");
  const std::string alias = "an alias stands here: write out what it stands for";
  EXPECT_THAT(FaultsOf(laughs), ::testing::Contains("60 " + alias));
  const std::string itself = Replaced(kGood, "admits:\n", "admits: &me\n        me: *me\n");
  EXPECT_THAT(FaultsOf(itself), ElementsAre("29 " + alias));
  const std::string bytes = Replaced(kGood, "sme_only: true", "sme_only: \xff");
  EXPECT_THAT(FaultsOf(bytes), ElementsAre("0 is not UTF-8"));
  EXPECT_THAT(FaultsOf(std::string(kGood) + std::string(kFileMax, '#')),
              ElementsAre("0 is larger than 1 MiB, as no plan is"));
  EXPECT_THAT(FaultsOf(std::string(100'000, '[')), ElementsAre(::testing::HasSubstr("is no YAML")));
  EXPECT_THAT(FaultsOf(std::string(kGood) + "---\n" + kGood),
              ElementsAre("31 a second document begins here: a plan is one"));
}

}  // namespace
}  // namespace ieum::plan
