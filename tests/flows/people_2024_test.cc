// Goal: the masters of the programme years are taken as they are; the 96 people of 2024 consent,
// take part and are counted as the year says; and one of them who takes back every consent is
// destroyed by the fifth day, is nowhere any more, and stays counted. Method: the people entered by
// the doors of four real services, month by month under a moved clock, with reporting away for some
// days. law:L12 law:L15
#include "tests/flows/people_2024.h"

#include "ieum/registry/v1/organization_service.pb.h"
#include "ieum/registry/v1/reference_service.pb.h"

namespace ieum::testing {
namespace {

namespace r = registry::v1;

// Scenario 1: 96 firms and 8 centres of Incheon, 62 firms and 15 bodies of Busan. row:R9 row:R30
TEST_F(People2024, HasTheMastersOfBothYears) {
  SetClock("2024-01-08 09:00");
  EnterMasters();
  const std::string with_facts =
      "organization o JOIN organization_facts f ON f.organization_id = o.id ";
  EXPECT_EQ(Count(with_facts + "WHERE kind = 1 AND region_code LIKE '28%'"), "96");
  EXPECT_EQ(Count(with_facts + "WHERE kind = 1 AND region_code LIKE '26%'"), "62");
  EXPECT_EQ(Count("organization WHERE kind = 2"), "8");
  EXPECT_EQ(Count("organization WHERE external_code LIKE 'D%'"), "15");
  EXPECT_EQ(
      suite_.Ask("registry",
                 "SELECT string_agg(n::text, ' ') FROM (SELECT count(*) AS n FROM " + with_facts +
                     "WHERE external_code BETWEEN 'F001' AND 'F080' GROUP BY region_code) x"),
      "8 8 8 8 8 8 8 8 8 8")
      << "the 80 who are invited are eight of each district";
  EXPECT_EQ(
      suite_.Ask("registry",
                 "SELECT string_agg(n::text, ' ' ORDER BY region_code) FROM (SELECT "
                 "region_code, count(*) AS n FROM " +
                     with_facts + "WHERE external_code BETWEEN 'G001' AND 'G024' GROUP BY 1) x"),
      "2 2 2 2 2 2 2 2 1 1 1 1 1 1 1 1");
  EXPECT_EQ(Ask<r::ListSchemesResponse>("ReferenceService/ListSchemes", r::ListSchemesRequest())
                .schemes_size(),
            5);
  EXPECT_EQ(Ask<r::ListIndustrialComplexesResponse>("ReferenceService/ListIndustrialComplexes",
                                                    r::ListIndustrialComplexesRequest())
                .industrial_complexes_size(),
            3);
  EXPECT_EQ(lead_centre_.find("organizations/"), 0u);
}

// Scenario 7.1, and 7.4 numbers 2 and 3. row:R17 row:R25 row:X11 law:L11 law:L14
TEST_F(People2024, CountsWhoTookPartAlsoAfterSheWasDestroyed) {
  SetClock("2024-02-05 09:00");
  r::CreateOrganizationRequest lead;
  lead.mutable_organization()->set_kind(r::ORGANIZATION_KIND_CENTRE);
  lead.mutable_organization()->set_display_name("소래광역새일센터");
  lead.mutable_organization()->set_business_registration_number("999-82-00012");
  lead_centre_ = Ask<r::Organization>("OrganizationService/CreateOrganization", lead).name();
  EnterPeople();
  RecordConsents();
  for (const Said& said : Papers()) {
    EXPECT_EQ(Given(said.purpose), said.last - said.first + 1)
        << r::ConsentPurpose_Name(said.purpose);
  }
  link_ = OpenCampaign("WINK-LINK", "윙크링크");
  groups_ = OpenCampaign("W-INK", "위윙크");
  DefineFigures({{"A08", "enrolment.campaign_code = \"WINK-LINK\""},
                 {"A11", "enrolment.campaign_code = \"W-INK\""},
                 {"PERSONS", ""}});

  for (const Month& month : kMonths) {
    TakeIn(month);
    const std::string day = month.day;
    if (day == "2024-07-29") LeaveAndBeDestroyed();
    if (day == "2024-09-05") {
      EXPECT_EQ(Given(r::CONSENT_PURPOSE_ADVERTISING), 49);
    }
  }
  ASSERT_TRUE(suite_.WaitSettled());
  EXPECT_EQ(Figure("A08"), 63);
  EXPECT_EQ(Figure("A11"), 45);
  EXPECT_EQ(Figure("PERSONS"), 96) << "twelve are in both";
  int so_far = 0;
  for (const Month& month : kMonths) {
    so_far += month.intakes;
    EXPECT_EQ(Figure("A08", month.last_day), so_far) << month.last_day;
  }
  EXPECT_EQ(Given(r::CONSENT_PURPOSE_NIGHT_ADVERTISING), 7) << "all within the 49";
  EXPECT_EQ(Given(r::CONSENT_PURPOSE_COLLECTION), 95);
  EXPECT_EQ(FindHerAnywhere(), "");
}

}  // namespace
}  // namespace ieum::testing
