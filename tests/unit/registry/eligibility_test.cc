// Goal: the verdict names the first rule that failed, on facts that are known, and can be given
// again from what is kept of it.
#include "services/registry/enrolments/eligibility.h"

#include <gtest/gtest.h>

#include <functional>

#include "platform/base/korea_time.h"
#include "services/registry/json_columns.h"

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

  v1::EligibilityEvidence Evidence() {
    request.campaign = &campaign;
    if (!unknown) request.organization = &organization;
    return EvidenceOf(request);
  }
  v1::DenialReason Verdict() {
    return JudgeAdmission(campaign.eligibility, Evidence(), no_facts ? nullptr : &facts).reason;
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
  const v1::EligibilityRules no_rules;
  Situation situation;
  situation.campaign.capacity = 2;
  situation.campaign.seats_taken = 1;
  const auto decide = [&] { return JudgeAdmission(no_rules, situation.Evidence(), nullptr); };
  EXPECT_EQ(decide(), (Admission{v1::ENROLMENT_STATE_CONFIRMED}));
  situation.campaign.seats_taken = 2;
  situation.campaign.offered = 2;
  EXPECT_EQ(decide().reason, v1::DENIAL_REASON_CAMPAIGN_FULL) << "held seats are nobody else's";
  situation.campaign.waiting_list = true;
  EXPECT_EQ(decide(), (Admission{v1::ENROLMENT_STATE_WAITING}));
  situation.campaign.waiting_list = false;
  EXPECT_EQ(decide(), (Admission{v1::ENROLMENT_STATE_DENIED, v1::DENIAL_REASON_CAMPAIGN_FULL}));
  situation.campaign.capacity = 0;
  EXPECT_EQ(decide(), (Admission{v1::ENROLMENT_STATE_CONFIRMED}));
  situation.organization.state = v1::ORGANIZATION_STATE_INACTIVE;
  EXPECT_EQ(decide(),
            (Admission{v1::ENROLMENT_STATE_DENIED, v1::DENIAL_REASON_ORGANIZATION_INACTIVE}));
}

// What was looked at stays what it was, whatever becomes of campaign and organization. row:R16
TEST(Evidence, GivesTheVerdictAgainWhenEverythingElseHasChanged) {
  Situation situation;
  situation.campaign.closed_at = kNow + absl::Hours(1);
  situation.campaign.seats_taken = 29;
  const v1::EligibilityRules rules = situation.campaign.eligibility;
  const v1::EligibilityEvidence evidence = situation.Evidence();
  const v1::OrganizationFacts facts = situation.facts;
  const Admission verdict = JudgeAdmission(rules, evidence, &facts);
  EXPECT_EQ(verdict, (Admission{v1::ENROLMENT_STATE_CONFIRMED}));
  situation.campaign.state = v1::CAMPAIGN_STATE_CLOSED;
  situation.campaign.closed_at = kNow - absl::Hours(1);
  situation.campaign.window.reset();
  situation.campaign.seats_taken = 30;
  situation.campaign.eligibility.set_region_prefixes(0, "28");
  situation.organization.state = v1::ORGANIZATION_STATE_INACTIVE;
  situation.facts.clear_sme();
  EXPECT_EQ(JudgeAdmission(rules, evidence, &facts), verdict);
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_ORGANIZATION_INACTIVE);
}

// As it is stored, to the microsecond.
TEST(Evidence, GivesTheVerdictAgainFromItsColumn) {
  Situation situation;
  for (const int64_t micros : {int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{86'399'999'999}}) {
    const absl::Duration beside = absl::Microseconds(micros);
    for (const absl::Time end :
         {situation.campaign.window->start, situation.campaign.window->end}) {
      situation.request.first = situation.request.last = end + beside;
      const v1::EligibilityEvidence evidence = situation.Evidence();
      v1::EligibilityEvidence stored;
      FromJson(ToJson(evidence), &stored);
      EXPECT_EQ(JudgeAdmission(situation.campaign.eligibility, stored, &situation.facts),
                JudgeAdmission(situation.campaign.eligibility, evidence, &situation.facts));
      EXPECT_EQ(stored.SerializeAsString(), evidence.SerializeAsString());
    }
  }
}

TEST(Evidence, KeepsAClosingThatCameBetween) {
  Situation situation;
  situation.campaign.state = v1::CAMPAIGN_STATE_CLOSED;
  situation.campaign.closed_at = kNow;
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_OUTSIDE_WINDOW);
  situation.request.first = situation.request.last = kNow - absl::Microseconds(1);
  EXPECT_EQ(situation.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
  EXPECT_EQ(situation.Evidence().campaign_state(), v1::CAMPAIGN_STATE_CLOSED);
}

// What is asked of a person is her employer; where none is known, a fact is missing.
TEST(Eligibility, AsksAPersonForHerEmployer) {
  Situation worker;
  worker.request.participant = v1::PARTICIPANT_KIND_PERSON;
  EXPECT_EQ(worker.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
  worker.facts.set_region_code("28110");
  EXPECT_EQ(worker.Verdict(), v1::DENIAL_REASON_REGION);
  worker.organization.kind = v1::ORGANIZATION_KIND_AGENCY;
  EXPECT_EQ(worker.Verdict(), v1::DENIAL_REASON_ORGANIZATION_KIND);
  Situation jobless;
  jobless.request.participant = v1::PARTICIPANT_KIND_PERSON;
  jobless.unknown = jobless.no_facts = true;
  EXPECT_EQ(jobless.Verdict(), v1::DENIAL_REASON_FACTS_MISSING);
  jobless.campaign.eligibility.clear_organization_kinds();
  EXPECT_EQ(jobless.Verdict(), v1::DENIAL_REASON_FACTS_MISSING) << "the region is open, too";
  jobless.campaign.eligibility.Clear();
  EXPECT_EQ(jobless.Verdict(), v1::DENIAL_REASON_UNSPECIFIED) << "nothing asks for an employer";
}

TEST(Eligibility, AdmitsWhomTheCampaignIsFor) {
  Situation firm, worker;
  worker.request.participant = v1::PARTICIPANT_KIND_PERSON;
  for (Situation* one : {&firm, &worker}) {
    one->campaign.eligibility.add_participants(v1::PARTICIPANT_KIND_PERSON);
  }
  EXPECT_EQ(firm.Verdict(), v1::DENIAL_REASON_PARTICIPANT_KIND);
  EXPECT_EQ(worker.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
  firm.campaign.eligibility.add_participants(v1::PARTICIPANT_KIND_ORGANIZATION);
  EXPECT_EQ(firm.Verdict(), v1::DENIAL_REASON_UNSPECIFIED);
  worker.campaign.eligibility.clear_participants();
  worker.campaign.eligibility.add_participants(v1::PARTICIPANT_KIND_ORGANIZATION);
  EXPECT_EQ(worker.Verdict(), v1::DENIAL_REASON_PARTICIPANT_KIND);
}

}  // namespace
}  // namespace ieum::registry
