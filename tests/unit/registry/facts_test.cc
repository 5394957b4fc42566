// Goal: facts of an organization are judged on their own day, all faults at once, and bands,
// section and SME follow from them.
#include "services/registry/organizations/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::CivilDay kDay(2023, 1, 1);

// Findings that fit whatever codes the facts name.
CodeFindings AllKnown() {
  CodeFindings codes;
  codes.region = Validity();
  codes.ksic_revision = 10;
  codes.ksic_validity = {absl::CivilDay(2017, 7, 1), absl::CivilDay(2024, 6, 30)};
  codes.ksic_section = "C";
  codes.complex = Validity();
  return codes;
}

v1::OrganizationFacts SomeFacts() {
  v1::OrganizationFacts facts;
  facts.set_valid_from("2023-01-01");
  facts.set_total_headcount(48);
  facts.set_women_headcount(29);
  facts.set_regular_headcount(44);
  facts.set_ksic_code("10213");
  facts.set_region_code("26110");
  facts.set_complex_code("K01");
  return facts;
}

absl::Status Check(const v1::OrganizationFacts& facts, const CodeFindings& codes,
                   absl::CivilDay day = kDay) {
  base::FieldErrors errors;
  CheckFacts(facts, codes, day, "facts", &errors);
  return errors.ToStatus();
}

// row:R9
TEST(SizeBand, FollowsFromRegularWorkersWithBothEndsOfEachBand) {
  const struct {
    int regular;
    v1::SizeBand band;
  } cases[] = {{0, v1::SIZE_BAND_UNSPECIFIED},   {1, v1::SIZE_BAND_1_TO_4},
               {4, v1::SIZE_BAND_1_TO_4},        {5, v1::SIZE_BAND_5_TO_9},
               {9, v1::SIZE_BAND_5_TO_9},        {10, v1::SIZE_BAND_10_TO_29},
               {29, v1::SIZE_BAND_10_TO_29},     {30, v1::SIZE_BAND_30_TO_49},
               {49, v1::SIZE_BAND_30_TO_49},     {50, v1::SIZE_BAND_50_TO_99},
               {99, v1::SIZE_BAND_50_TO_99},     {100, v1::SIZE_BAND_100_TO_299},
               {299, v1::SIZE_BAND_100_TO_299},  {300, v1::SIZE_BAND_300_OR_MORE},
               {5000, v1::SIZE_BAND_300_OR_MORE}};
  for (const auto& one : cases) EXPECT_EQ(SizeBandOf(one.regular), one.band) << one.regular;
  EXPECT_EQ(SizeBandOf(std::nullopt), v1::SIZE_BAND_UNSPECIFIED);
}

TEST(Sme, FollowsFromTheSizeClassWhereThatIsKnown) {
  for (auto size : {v1::SIZE_CLASS_MICRO, v1::SIZE_CLASS_SMALL, v1::SIZE_CLASS_MEDIUM}) {
    EXPECT_EQ(IsSme(size, "S", 5000), true);
  }
  for (auto size : {v1::SIZE_CLASS_MID_SIZED, v1::SIZE_CLASS_LARGE}) {
    EXPECT_EQ(IsSme(size, "C", 3), false);
  }
}

TEST(Sme, ElseFollowsFromTheHeadcountLimitOfItsSection) {
  const struct {
    const char* sections;
    int limit;
  } cases[] = {{"C", 500}, {"BFHJMNQ", 300}, {"GIKR", 200}, {"ADELOPSTU", 100}};
  for (const auto& one : cases) {
    for (const char* section = one.sections; *section != '\0'; ++section) {
      const std::string_view letter(section, 1);
      EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, letter, one.limit), true) << letter;
      EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, letter, one.limit + 1), false) << letter;
    }
  }
}

TEST(Sme, CannotBeToldFromTooLittle) {
  EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, "C", std::nullopt), std::nullopt);
  EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, "", 100), true);
  EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, "", 101), std::nullopt);
  EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, "", 500), std::nullopt);
  EXPECT_EQ(IsSme(v1::SIZE_CLASS_UNSPECIFIED, "", 501), false);
}

TEST(Facts, PassWhenEverythingFits) {
  EXPECT_TRUE(Check(SomeFacts(), AllKnown()).ok());
  EXPECT_TRUE(Check(v1::OrganizationFacts(), CodeFindings()).ok()) << "nothing is known";
}

TEST(Facts, RefuseHeadcountsThatAreNegativeOrMoreThanAll) {
  v1::OrganizationFacts facts = SomeFacts();
  facts.set_women_headcount(49);
  EXPECT_EQ(base::ReasonOf(Check(facts, AllKnown())), "HEADCOUNT_INCONSISTENT");
  EXPECT_THAT(base::FieldsOf(Check(facts, AllKnown())), ElementsAre("facts.women_headcount"));
  facts = SomeFacts();
  facts.set_regular_headcount(49);
  EXPECT_THAT(base::FieldsOf(Check(facts, AllKnown())), ElementsAre("facts.regular_headcount"));
  facts = SomeFacts();
  facts.set_regular_headcount(-1);
  EXPECT_EQ(base::ReasonOf(Check(facts, AllKnown())), "INVALID_FIELD");
  facts.clear_total_headcount();
  facts.set_regular_headcount(10);
  facts.set_women_headcount(11);
  EXPECT_TRUE(Check(facts, AllKnown()).ok()) << "women may be irregular workers";
}

TEST(Facts, RefuseARegionThatIsUnknownOrDoesNotHoldOnTheirDay) {
  CodeFindings codes = AllKnown();
  codes.region = std::nullopt;
  EXPECT_EQ(base::ReasonOf(Check(SomeFacts(), codes)), "REGION_UNKNOWN");
  codes.region = Validity{std::nullopt, absl::CivilDay(2026, 6, 30)};
  codes.ksic_validity.to = std::nullopt;
  EXPECT_TRUE(Check(SomeFacts(), codes, absl::CivilDay(2026, 6, 30)).ok());
  const absl::Status late = Check(SomeFacts(), codes, absl::CivilDay(2026, 7, 1));
  EXPECT_EQ(base::ReasonOf(late), "REGION_NOT_VALID");
  EXPECT_THAT(base::FieldsOf(late), ElementsAre("facts.region_code"));
}

TEST(Facts, RefuseIndustriesThatKsicDoesNotHave) {
  CodeFindings codes = AllKnown();
  codes.ksic_section = "";
  EXPECT_EQ(base::ReasonOf(Check(SomeFacts(), codes)), "KSIC_UNKNOWN");
  codes = AllKnown();
  const absl::Status late = Check(SomeFacts(), codes, absl::CivilDay(2024, 7, 1));
  EXPECT_EQ(base::ReasonOf(late), "KSIC_REVISION_NOT_VALID");
  codes.ksic_revision = 0;
  EXPECT_EQ(base::ReasonOf(Check(SomeFacts(), codes)), "KSIC_REVISION_NOT_VALID");
}

TEST(Facts, RefuseAComplexThatDoesNotExistOnTheirDay) {
  CodeFindings codes = AllKnown();
  codes.complex = std::nullopt;
  EXPECT_EQ(base::ReasonOf(Check(SomeFacts(), codes)), "COMPLEX_UNKNOWN");
  codes.complex = Validity{absl::CivilDay(2023, 1, 2), std::nullopt};
  EXPECT_EQ(base::ReasonOf(Check(SomeFacts(), codes)), "COMPLEX_UNKNOWN");
}

TEST(Facts, TellAllFaultsAtOnce) {
  v1::OrganizationFacts facts = SomeFacts();
  facts.set_women_headcount(49);
  CodeFindings codes = AllKnown();
  codes.region = std::nullopt;
  codes.ksic_section = "";
  codes.complex = std::nullopt;
  EXPECT_THAT(base::FieldsOf(Check(facts, codes)),
              ElementsAre("facts.women_headcount", "facts.ksic_code", "facts.region_code",
                          "facts.complex_code"));
}

TEST(Facts, AreCompletedWithWhatFollows) {
  const v1::OrganizationFacts facts = CompleteFacts(SomeFacts(), AllKnown());
  EXPECT_EQ(facts.ksic_revision(), 10);
  EXPECT_EQ(facts.ksic_section(), "C");
  EXPECT_EQ(facts.size_band(), v1::SIZE_BAND_30_TO_49);
  EXPECT_TRUE(facts.has_sme() && facts.sme());
}

TEST(Facts, ForgetDerivedValuesThatACallerMadeUp) {
  v1::OrganizationFacts facts;
  facts.set_valid_from("2023-01-01");
  facts.set_ksic_section("Z");
  facts.set_ksic_revision(11);
  facts.set_size_band(v1::SIZE_BAND_300_OR_MORE);
  facts.set_sme(true);
  facts = CompleteFacts(facts, CodeFindings());
  EXPECT_THAT(facts.ksic_section(), IsEmpty());
  EXPECT_EQ(facts.ksic_revision(), 0);
  EXPECT_EQ(facts.size_band(), v1::SIZE_BAND_UNSPECIFIED);
  EXPECT_FALSE(facts.has_sme());
}

}  // namespace
}  // namespace ieum::registry
