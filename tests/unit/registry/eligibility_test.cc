// Goal: the verdict names the first rule that failed, on facts that are known.
#include "services/registry/enrolments/eligibility.h"

#include <gtest/gtest.h>

#include <functional>

#include "platform/base/korea_time.h"

namespace ieum::registry {
namespace {

const absl::Time kNow = base::KoreaInstant(absl::CivilDay(2023, 5, 2), 11);

// A firm and a campaign that fit each other; a test changes one thing.
struct Situation {
  Campaign campaign;
  Organization organization;
  v1::OrganizationFacts facts;
  Request request;

  Situation() {
    campaign.state = v1::CAMPAIGN_STATE_OPEN;
    campaign.window = TimeWindow{kNow - absl::Hours(24), kNow + absl::Hours(24)};
    campaign.capacity = 30;
    campaign.eligibility.add_organization_kinds(v1::ORGANIZATION_KIND_FIRM);
    campaign.eligibility.set_sme_only(true);
    campaign.eligibility.add_size_bands(v1::SIZE_BAND_5_TO_9);
    campaign.eligibility.add_size_bands(v1::SIZE_BAND_10_TO_29);
    campaign.eligibility.add_region_prefixes("26");
    for (const char* word : {"I", "84", "91249"}) campaign.eligibility.add_excluded_ksic(word);
    organization.kind = v1::ORGANIZATION_KIND_FIRM;
    facts.set_regular_headcount(12);
    facts.set_size_band(v1::SIZE_BAND_10_TO_29);
    facts.set_sme(true);
    facts.set_region_code("26110");
    facts.set_ksic_code("10213");
    facts.set_ksic_section("C");
    request.first = request.last = kNow;
  }
  Situation(const Situation&) = delete;

  v1::DenialReason Verdict() {
    request.campaign = &campaign;
    if (!unknown) request.organization = &organization;
    if (!no_facts) request.facts = &facts;
    return FirstFailedRule(request);
  }
  bool unknown = false, no_facts = false;
};

TEST(Eligibility, AdmitsAFirmThatFits) {
  EXPECT_EQ(Situation().Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
}

TEST(Eligibility, NamesTheRuleThatFailed) {
  const struct {
    v1::DenialReason reason;
    std::function<void(Situation&)> change;
  } cases[] = {
      {v1::DENIAL_REASON_ORGANIZATION_UNKNOWN, [](Situation& s) { s.unknown = true; }},
      {v1::DENIAL_REASON_ORGANIZATION_INACTIVE,
       [](Situation& s) { s.organization.state = v1::ORGANIZATION_STATE_INACTIVE; }},
      {v1::DENIAL_REASON_OUTSIDE_WINDOW,
       [](Situation& s) { s.request.first = s.request.last = s.campaign.window->end; }},
      {v1::DENIAL_REASON_OUTSIDE_WINDOW,
       [](Situation& s) { s.campaign.state = v1::CAMPAIGN_STATE_PLANNED; }},
      {v1::DENIAL_REASON_ALREADY_ENROLLED, [](Situation& s) { s.request.already_enrolled = true; }},
      {v1::DENIAL_REASON_ORGANIZATION_KIND,
       [](Situation& s) { s.organization.kind = v1::ORGANIZATION_KIND_AGENCY; }},
      {v1::DENIAL_REASON_FACTS_MISSING, [](Situation& s) { s.no_facts = true; }},
      {v1::DENIAL_REASON_NOT_SME, [](Situation& s) { s.facts.set_sme(false); }},
      {v1::DENIAL_REASON_SIZE_BAND,
       [](Situation& s) { s.facts.set_size_band(v1::SIZE_BAND_30_TO_49); }},
      {v1::DENIAL_REASON_REGION, [](Situation& s) { s.facts.set_region_code("28110"); }},
      {v1::DENIAL_REASON_INDUSTRY, [](Situation& s) { s.facts.set_ksic_section("I"); }},
      {v1::DENIAL_REASON_INDUSTRY, [](Situation& s) { s.facts.set_ksic_code("84113"); }},
      {v1::DENIAL_REASON_INDUSTRY, [](Situation& s) { s.facts.set_ksic_code("91249"); }}};
  for (const auto& one : cases) {
    Situation situation;
    one.change(situation);
    EXPECT_EQ(situation.Verdict(), one.reason) << v1::DenialReason_Name(one.reason);
  }
}

TEST(Eligibility, NamesTheFirstOfSeveralFailures) {
  Situation situation;
  situation.facts.set_sme(false);
  situation.facts.set_region_code("28110");
  situation.facts.set_size_band(v1::SIZE_BAND_300_OR_MORE);
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_NOT_SME);
  situation.facts.clear_ksic_code();
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_FACTS_MISSING);
  situation.request.already_enrolled = true;
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_ALREADY_ENROLLED);
}

TEST(Eligibility, MissesEveryFactThatARuleNeeds) {
  const std::function<void(v1::OrganizationFacts&)> losses[] = {
      [](auto& facts) { facts.clear_sme(); }, [](auto& facts) { facts.clear_regular_headcount(); },
      [](auto& facts) { facts.clear_region_code(); }, [](auto& facts) { facts.clear_ksic_code(); }};
  for (const auto& lose : losses) {
    Situation situation;
    lose(situation.facts);
    EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_FACTS_MISSING);
  }
}

TEST(Eligibility, AsksForNoFactThatNoRuleNeeds) {
  Situation situation;
  situation.campaign.eligibility.Clear();
  situation.no_facts = true;
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
}

TEST(Eligibility, TakesAProvinceForWhatItIs) {
  Situation situation;
  for (const char* code : {"26", "26000", "2600000000", "2611010100"}) {
    situation.facts.set_region_code(code);
    EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_UNSPECIFIED) << code;
  }
  // Whether a firm of the province is in the district cannot be told.
  situation.campaign.eligibility.set_region_prefixes(0, "26110");
  situation.facts.set_region_code("26000");
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_FACTS_MISSING);
  situation.facts.set_region_code("26140");
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_REGION);
  situation.campaign.eligibility.set_region_prefixes(0, "26000");
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
}

TEST(Eligibility, CannotJudgeAnIndustryThatIsTooCoarse) {
  Situation situation;
  situation.facts.set_ksic_section("R");
  situation.facts.set_ksic_code("91");
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_FACTS_MISSING) << "91249 is excluded, 91 is not";
  situation.facts.set_ksic_code("9124");
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_FACTS_MISSING);
  situation.facts.set_ksic_code("91241");
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
}

TEST(Eligibility, LeavesAFirmWithoutRegularWorkersOutsideOfEveryBand) {
  Situation situation;
  situation.facts.set_regular_headcount(0);
  situation.facts.set_size_band(v1::SIZE_BAND_UNSPECIFIED);
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_SIZE_BAND);
}

// row:R13
TEST(Decision, GivesASeatOrAPlaceInTheLineOrNeither) {
  Campaign campaign;
  campaign.capacity = 2;
  campaign.seats_taken = 1;
  v1::DenialReason reason = v1::DENIAL_REASON_UNSPECIFIED;
  EXPECT_EQ(Decide(campaign, &reason), v1::ENROLMENT_STATE_CONFIRMED);
  campaign.seats_taken = 2;
  campaign.waiting_list = true;
  EXPECT_EQ(Decide(campaign, &reason), v1::ENROLMENT_STATE_WAITING);
  campaign.waiting_list = false;
  EXPECT_EQ(Decide(campaign, &reason), v1::ENROLMENT_STATE_DENIED);
  EXPECT_EQ(reason, v1::DENIAL_REASON_CAMPAIGN_FULL);
  reason = v1::DENIAL_REASON_REGION;
  campaign.capacity = 0;
  EXPECT_EQ(Decide(campaign, &reason), v1::ENROLMENT_STATE_DENIED);
  EXPECT_EQ(reason, v1::DENIAL_REASON_REGION);
}

}  // namespace
}  // namespace ieum::registry
