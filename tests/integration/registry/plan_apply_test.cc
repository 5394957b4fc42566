// Goal: one command enters a year's plan; a second run changes nothing, a changed file shows and
// makes the difference, and what is wrong is said with its line before anything is written. Method:
// the plans that ship, against the real doors. row:X16
#include "tools/plan/plan_apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ieum/registry/v1/programme_service.pb.h"
#include "re2/re2.h"
#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PlanFiles : public ::testing::Test {
 protected:
  static std::string Text(const std::string& scenario) {
    std::ifstream stream(absl::StrCat(IEUM_SOURCE_DIR, "/scenarios/", scenario, "/plan.yaml"));
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

  plan::Outcome Apply(const std::string& text, const plan::Wish& wish = {}) {
    std::vector<plan::Fault> faults;
    const plan::Plan plan = plan::ReadPlan(text, &faults);
    EXPECT_THAT(plan::FaultText("plan.yaml", faults), IsEmpty());
    const auto outcome = plan::ApplyPlan(
        plan, wish,
        [&](const std::string& method, const auto& request, google::protobuf::Message* response) {
          return world_.manager->Call(method, request, response, absl::Seconds(30));
        });
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.ok() ? *outcome : plan::Outcome();
  }

  v1::Edition Get(const std::string& name) {
    v1::GetEditionRequest request;
    request.set_name(name);
    const auto edition = world_.Call<v1::Edition>("ProgrammeService/GetEdition", request);
    EXPECT_TRUE(edition.ok()) << edition.status();
    return edition.ok() ? *edition : v1::Edition();
  }

  // "COUNCIL-1 2023-05-24", "FAIR 2023-11-06 2023-11-11" of one line.
  static std::vector<std::string> DaysOf(const v1::Edition& edition, const std::string& code) {
    std::vector<std::string> days;
    for (const v1::ActivityLine& line : edition.lines()) {
      if (line.code() != code) continue;
      for (const v1::PlannedDate& date : line.dates()) {
        days.push_back(absl::StrCat(date.key(), " ", date.start_date()));
        if (date.end_date() != date.start_date()) {
          absl::StrAppend(&days.back(), " ", date.end_date());
        }
      }
    }
    return days;
  }

  std::string LedgerSize() { return world_.Ask("SELECT count(*) FROM event_log"); }

  World world_{"2023-02-06 10:00"};
};

TEST_F(PlanFiles, EnterAYearAndChangeNothingWhenRunAgain) {
  const std::string text = Text("bsn-2023");
  const plan::Outcome first = Apply(text);
  EXPECT_THAT(first.faults, IsEmpty());
  EXPECT_THAT(first.changes,
              ElementsAre("+ programme BSN", "+ edition programmes/BSN/editions/2023 with 19 lines",
                          "+ campaign WLB-CAMPAIGN", "+ campaign INCENTIVE",
                          "+ campaign FOCUS-CONSULTING"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM campaign WHERE programme = 'BSN'"), "3");
  const std::string events = LedgerSize();
  EXPECT_THAT(Apply(text).changes, IsEmpty());
  EXPECT_EQ(LedgerSize(), events);
  EXPECT_THAT(Apply(text, {.approve = true}).changes,
              ElementsAre("+ approval of programmes/BSN/editions/2023"));
  EXPECT_FALSE(Apply(text, {.approve = true}).approved) << "it was";
}

// The days that were published, by rule.
TEST_F(PlanFiles, GiveThePublishedDaysOf2023) {
  Apply(Text("bsn-2023"));
  const v1::Edition edition = Get("programmes/BSN/editions/2023");
  const struct {
    const char* code;
    std::vector<std::string> days;
  } kTable[] = {
      {"BSN-0", {"APPROVAL 2023-02-06", "CUT-OFF 2024-01-08"}},
      {"BSN-1", {"COUNCIL-1 2023-05-24", "COUNCIL-2 2023-08-23", "COUNCIL-3 2023-11-22"}},
      {"BSN-2", {"WORKSHOP-1 2023-05-12", "WORKSHOP-2 2023-09-15"}},
      {"BSN-3", {"INDEX-REPORT 2023-11-24"}},
      {"BSN-7", {"ESSAY-CALL 2023-06-01 2023-07-14", "ESSAY-RESULT 2023-09-08"}},
      {"BSN-8", {"PRESS-1 2023-07-19", "PRESS-2 2023-10-18"}},
      {"BSN-9", {"FAIR 2023-11-06 2023-11-11"}},
      {"BSN-11",
       {"CHEER-CALL 2023-09-01 2023-10-13", "CHEER-RESULT 2023-10-31",
        "EXHIBITION 2023-11-06 2023-12-31"}},
      {"BSN-12",
       {"BRIEFING-1 2023-04-20", "BRIEFING-2 2023-06-15", "BRIEFING-3 2023-09-07",
        "BRIEFING-4 2023-10-26"}},
      {"BSN-13", {"LAUNCH 2023-05-19", "CLOSING 2023-11-30"}},
      {"BSN-14", {"COMPLEX-K01 2023-06-21", "COMPLEX-K02 2023-07-05", "COMPLEX-K03 2023-09-13"}},
      {"BSN-16", {"SURVEY 2023-08-01 2023-09-08", "SURVEY-REPORT 2023-12-15"}},
  };
  for (const auto& row : kTable) EXPECT_EQ(DaysOf(edition, row.code), row.days) << row.code;
}

// The same programme a year later. row:R12
TEST_F(PlanFiles, AreCopiedIntoTheNextYear) {
  Apply(Text("bsn-2023"));
  v1::CopyEditionRequest copy;
  copy.set_name("programmes/BSN/editions/2023");
  copy.set_edition_id("2024");
  copy.set_year(2024);
  const auto next = world_.Call<v1::Edition>("ProgrammeService/CopyEdition", copy);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_THAT(DaysOf(*next, "BSN-1"),
              ElementsAre("COUNCIL-1 2024-05-22", "COUNCIL-2 2024-08-28", "COUNCIL-3 2024-11-27"));
  EXPECT_THAT(DaysOf(*next, "BSN-2"),
              ElementsAre("WORKSHOP-1 2024-05-10", "WORKSHOP-2 2024-09-20"));
  EXPECT_THAT(DaysOf(*next, "BSN-3"), ElementsAre("INDEX-REPORT 2024-11-22"));
  EXPECT_THAT(DaysOf(*next, "BSN-8"), ElementsAre("PRESS-1 2024-07-17", "PRESS-2 2024-10-16"));
  EXPECT_THAT(DaysOf(*next, "BSN-9"), ElementsAre("FAIR 2024-11-11 2024-11-16"));
  EXPECT_THAT(DaysOf(*next, "BSN-13"), ElementsAre("LAUNCH 2024-05-17", "CLOSING 2024-11-28"));
  EXPECT_THAT(DaysOf(*next, "BSN-7"),
              ElementsAre("ESSAY-CALL 2024-06-01 2024-07-15", "ESSAY-RESULT 2024-09-13"))
      << "14 July 2024 is a Sunday";
}

TEST_F(PlanFiles, ShowAndMakeWhatAChangedFileChanges) {
  Apply(Text("bsn-2023"));
  const std::string changed =
      absl::StrReplaceAll(Text("bsn-2023"), {{"target: 24,", "target: 30,"},
                                             {"4th Wednesday of May", "5th Wednesday of May"},
                                             {"seats: 30", "seats: 40"}});
  const std::string events = LedgerSize();
  const auto expected =
      ElementsAre("~ date COUNCIL-1 of BSN-1: 4th Wednesday of May → last Wednesday of May",
                  "~ target B04: 24 firm CONFIRMED place 4 → 30 firm CONFIRMED place 4",
                  "~ seats of campaign WLB-CAMPAIGN: 30 → 40");
  EXPECT_THAT(Apply(changed, {.dry_run = true}).changes, expected);
  EXPECT_EQ(LedgerSize(), events) << "a dry run writes nothing";
  EXPECT_THAT(Apply(changed).changes, expected);
  EXPECT_THAT(Apply(changed).changes, IsEmpty());
  EXPECT_THAT(DaysOf(Get("programmes/BSN/editions/2023"), "BSN-1"),
              Contains("COUNCIL-1 2023-05-31"));
}

TEST_F(PlanFiles, SayWhatTheRegistryRefusesWithItsLineAndWriteNothing) {
  Apply(Text("bsn-2023"));
  const std::string events = LedgerSize();
  const std::string changed = absl::StrReplaceAll(
      Text("bsn-2023"),
      {{"on: 2nd Friday of May", "on: 2029-05-07 + 2 business days"}, {"\"26\"", "\"99\""}});
  const plan::Outcome outcome = Apply(changed);
  ASSERT_EQ(outcome.faults.size(), 2u);
  const auto line_of = [&](const std::string& words) {
    const std::string before = changed.substr(0, changed.find(words));
    return static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  };
  EXPECT_EQ(outcome.faults[0].line, line_of("2029-05-07"));
  EXPECT_THAT(outcome.faults[0].what, HasSubstr("edition.lines[2].dates[0].start"));
  EXPECT_EQ(outcome.faults[1].line, line_of("code: WLB-CAMPAIGN"));
  EXPECT_THAT(outcome.faults[1].what, HasSubstr("campaign.eligibility.region_prefixes"));
  EXPECT_EQ(LedgerSize(), events);
}

// The message of a refusal ends after a kilobyte; what is told of each field does not hang on it.
TEST_F(PlanFiles, TellEachOfManyRefusalsByItself) {
  Apply(Text("bsn-2023"));
  std::string changed = Text("bsn-2023");
  RE2::GlobalReplace(&changed, "on: [^}]* of (May|October|November)}",
                     "on: 2029-05-07 + 2 business days}");
  const plan::Outcome outcome = Apply(changed);
  ASSERT_GE(outcome.faults.size(), 8u);
  for (const plan::Fault& fault : outcome.faults) {
    EXPECT_THAT(fault.what, HasSubstr("asks for business days")) << fault.line;
    EXPECT_LT(fault.what.size(), 300u);
  }
}

// Of a first run what hangs on nothing yet is asked beforehand, too.
TEST_F(PlanFiles, WriteNothingOfAYearWhoseCampaignIsRefused) {
  const plan::Outcome outcome =
      Apply(absl::StrReplaceAll(Text("bsn-2023"), {{"\"26\"", "\"99\""}}));
  ASSERT_EQ(outcome.faults.size(), 1u);
  EXPECT_THAT(outcome.faults[0].what, HasSubstr("campaign.eligibility.region_prefixes"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM programme"), "0");
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM campaign"), "0");
}

// From the approval on reporting has the targets.
TEST_F(PlanFiles, DoNotChangeTargetsThatAreApproved) {
  Apply(Text("bsn-2023"), {.approve = true});
  const plan::Outcome outcome =
      Apply(absl::StrReplaceAll(Text("bsn-2023"), {{"target: 24,", "target: 30,"}}));
  ASSERT_EQ(outcome.faults.size(), 1u);
  EXPECT_THAT(outcome.faults[0].what, HasSubstr("SetTarget"));
}

TEST_F(PlanFiles, FindTheLeadingCentreByItsCode) {
  const plan::Outcome without = Apply(Text("inc-2024"));
  ASSERT_EQ(without.faults.size(), 1u);
  EXPECT_THAT(without.faults[0].what, HasSubstr("no active organization has the code C01"));
  EXPECT_EQ(world_.Ask("SELECT count(*) FROM programme"), "0");
  v1::CreateOrganizationRequest create;
  create.mutable_organization()->set_kind(v1::ORGANIZATION_KIND_CENTRE);
  create.mutable_organization()->set_display_name("소래광역새일센터");
  create.mutable_organization()->set_business_registration_number(BusinessNumber(1));
  create.mutable_organization()->set_external_code("C01");
  const auto centre =
      world_.Call<v1::Organization>("OrganizationService/CreateOrganization", create);
  ASSERT_TRUE(centre.ok()) << centre.status();
  const plan::Outcome outcome = Apply(Text("inc-2024"));
  EXPECT_THAT(outcome.faults, IsEmpty());
  const v1::Edition edition = Get("programmes/INC/editions/2024");
  EXPECT_EQ(edition.lead_organization(), centre->name());
  EXPECT_THAT(DaysOf(edition, "INC-5"),
              ElementsAre("CALL 2024-03-27 2024-04-26", "SCREENING 2024-05-10",
                          "SITE-VISITS 2024-05-13 2024-05-31", "COMMITTEE 2024-06-12",
                          "ANNOUNCEMENT 2024-06-19"));
  EXPECT_THAT(DaysOf(edition, "INC-7"),
              ElementsAre("MEETING 2024-11-04", "SATISFACTION 2024-11-05 2024-11-19"));
}

}  // namespace
}  // namespace ieum::registry
