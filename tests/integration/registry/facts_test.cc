// Goal: facts have days: each record is judged by the codes of its own day and holds until the
// next.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/registry/world.h"

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;

class Facts : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Organization> Record(const v1::OrganizationFacts& facts) {
    v1::RecordOrganizationFactsRequest request;
    request.set_name(firm_);
    *request.mutable_facts() = facts;
    return world_.Call<v1::Organization>("OrganizationService/RecordOrganizationFacts", request);
  }
  static v1::OrganizationFacts On(const std::string& day, const std::string& region) {
    v1::OrganizationFacts facts;
    facts.set_valid_from(day);
    facts.set_region_code(region);
    return facts;
  }
  std::string ReasonFor(const v1::OrganizationFacts& facts) {
    return base::ReasonOf(Record(facts).status());
  }
  std::string CurrentRegion() {
    v1::GetOrganizationRequest request;
    request.set_name(firm_);
    return world_.Call<v1::Organization>("OrganizationService/GetOrganization", request)
        ->facts()
        .region_code();
  }

  World world_{"2023-05-02 11:00"};
  std::string firm_ = world_.Firm(1);
};

TEST_F(Facts, AcceptProvincesDistrictsAndLegalDongCodes) {
  for (const char* code : {"26", "26000", "26110", "2611010100", "2600000000", "11", "50"}) {
    EXPECT_EQ(ReasonFor(On("2023-02-01", code)), "") << code;
  }
}

TEST_F(Facts, RefuseARegionThatIsUnknownOrExpiredOnTheirDay) {
  EXPECT_EQ(ReasonFor(On("2023-02-01", "26999")), "REGION_UNKNOWN");
  EXPECT_EQ(ReasonFor(On("2023-02-01", "99")), "REGION_UNKNOWN");
  for (const char* code : {"28110", "28140", "28260"}) {
    EXPECT_EQ(ReasonFor(On("2026-06-30", code)), "") << code;
    EXPECT_EQ(ReasonFor(On("2026-07-01", code)), "REGION_NOT_VALID") << code;
  }
  EXPECT_EQ(ReasonFor(On("2026-06-30", "28125")), "REGION_NOT_VALID");
  EXPECT_EQ(ReasonFor(On("2023-06-10", "42")), "");
  EXPECT_EQ(ReasonFor(On("2023-06-11", "42")), "REGION_NOT_VALID");
  EXPECT_EQ(ReasonFor(On("2023-06-11", "51000")), "");
}

TEST_F(Facts, RefuseIndustriesThatDoNotExistOrAreNotInForce) {
  v1::OrganizationFacts facts = On("2023-02-01", "26110");
  for (const char* code : {"04", "09100", "40", "43111", "00"}) {
    facts.set_ksic_code(code);
    EXPECT_EQ(ReasonFor(facts), "KSIC_UNKNOWN") << code;
  }
  facts.set_ksic_code("28111");
  facts.set_ksic_revision(11);
  EXPECT_EQ(ReasonFor(facts), "KSIC_REVISION_NOT_VALID");
  facts.set_ksic_revision(9);
  EXPECT_EQ(ReasonFor(facts), "KSIC_REVISION_NOT_VALID");
  facts.set_ksic_revision(0);
  EXPECT_EQ(ReasonFor(facts), "");
  facts.set_valid_from("2024-07-01");
  const auto later = Record(facts);
  ASSERT_TRUE(later.ok()) << later.status();
  const auto event = world_.Events().back().As<v1::OrganizationFactsChanged>();
  EXPECT_EQ(event.facts().ksic_revision(), 11) << "the one in force on the day";
}

TEST_F(Facts, RefuseHeadcountsThatCannotBe) {
  v1::OrganizationFacts facts = On("2023-02-01", "26110");
  facts.set_total_headcount(-1);
  EXPECT_EQ(ReasonFor(facts), "INVALID_FIELD");
  facts.set_total_headcount(10);
  facts.set_women_headcount(11);
  facts.set_regular_headcount(12);
  const absl::Status refusal = Record(facts).status();
  EXPECT_EQ(base::ReasonOf(refusal), "HEADCOUNT_INCONSISTENT");
  EXPECT_THAT(base::FieldsOf(refusal),
              ElementsAre("facts.women_headcount", "facts.regular_headcount"));
}

TEST_F(Facts, RefuseAComplexOrADayThatDoesNotExist) {
  v1::OrganizationFacts facts = On("2023-02-01", "26440");
  facts.set_complex_code("K09");
  EXPECT_EQ(ReasonFor(facts), "COMPLEX_UNKNOWN");
  facts.set_complex_code("K01");
  EXPECT_EQ(ReasonFor(facts), "");
  EXPECT_EQ(ReasonFor(On("2023-02-30", "26110")), "DATE_INVALID");
}

TEST_F(Facts, HoldFromTheirDayUntilTheNextRecord) {
  ASSERT_EQ(ReasonFor(On("2023-06-01", "26140")), "");
  ASSERT_EQ(ReasonFor(On("2023-03-01", "26170")), "");
  EXPECT_EQ(CurrentRegion(), "26170") << "today is 2023-05-02";
  world_.SetClock("2023-06-01 00:00");
  EXPECT_EQ(CurrentRegion(), "26140");
  ASSERT_EQ(ReasonFor(On("2023-06-01", "26200")), "");
  EXPECT_EQ(CurrentRegion(), "26200") << "the same day is replaced";
  v1::ListOrganizationFactsRequest request;
  request.set_parent(firm_);
  const auto page = world_.Call<v1::ListOrganizationFactsResponse>(
      "OrganizationService/ListOrganizationFacts", request);
  ASSERT_TRUE(page.ok()) << page.status();
  std::vector<std::string> regions;
  for (const auto& facts : page->facts()) regions.push_back(facts.region_code());
  EXPECT_THAT(regions, ElementsAre("26110", "26170", "26200"));
}

TEST_F(Facts, TellWhatFollowsFromThem) {
  v1::OrganizationFacts facts = On("2023-02-01", "26110");
  facts.set_total_headcount(120);
  facts.set_regular_headcount(100);
  facts.set_ksic_code("56111");
  const auto firm = Record(facts);
  ASSERT_TRUE(firm.ok()) << firm.status();
  EXPECT_EQ(firm->facts().ksic_section(), "I");
  EXPECT_EQ(firm->facts().size_band(), v1::SIZE_BAND_100_TO_299);
  EXPECT_TRUE(firm->facts().has_sme() && firm->facts().sme());
}

}  // namespace
}  // namespace ieum::registry
