#include "services/registry/enrolments/eligibility.h"

#include <algorithm>
#include <string>
#include <vector>

#include "services/registry/reference/reference.h"

namespace ieum::registry {
namespace {

enum class Answer { kYes, kNo, kUnknown };

bool BeginsWith(const std::string& text, const std::string& beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

// A code that is coarser than a rule leaves open what the rule asks: a firm known only to be in the
// province of Busan may or may not be in one of its districts.
template <class Words>
Answer MatchesAny(const std::string& code, const Words& beginnings) {
  Answer answer = Answer::kNo;
  for (const std::string& beginning : beginnings) {
    if (BeginsWith(code, beginning)) return Answer::kYes;
    if (BeginsWith(beginning, code)) answer = Answer::kUnknown;
  }
  return answer;
}

Answer InRegions(const v1::OrganizationFacts& facts, const v1::EligibilityRules& rules) {
  if (facts.region_code().empty()) return Answer::kUnknown;
  std::vector<std::string> beginnings;
  for (const std::string& prefix : rules.region_prefixes()) {
    beginnings.push_back(SignificantRegion(prefix));
  }
  return MatchesAny(SignificantRegion(facts.region_code()), beginnings);
}

Answer InExcludedIndustry(const v1::OrganizationFacts& facts, const v1::EligibilityRules& rules) {
  if (facts.ksic_code().empty()) return Answer::kUnknown;
  const auto& words = rules.excluded_ksic();
  if (std::find(words.begin(), words.end(), facts.ksic_section()) != words.end()) {
    return Answer::kYes;
  }
  return MatchesAny(facts.ksic_code(), words);
}

Answer InSizeBands(const v1::OrganizationFacts& facts, const v1::EligibilityRules& rules) {
  if (!facts.has_regular_headcount()) return Answer::kUnknown;
  const auto& bands = rules.size_bands();
  const bool in = std::find(bands.begin(), bands.end(), facts.size_band()) != bands.end();
  return in ? Answer::kYes : Answer::kNo;
}

Answer IsSmeKnown(const v1::OrganizationFacts& facts) {
  if (!facts.has_sme()) return Answer::kUnknown;
  return facts.sme() ? Answer::kYes : Answer::kNo;
}

v1::DenialReason FirstFailedFactRule(const v1::OrganizationFacts& facts,
                                     const v1::EligibilityRules& rules) {
  const struct {
    bool asked;
    Answer answer, wanted;
    v1::DenialReason reason;
  } checks[] = {{rules.sme_only(), IsSmeKnown(facts), Answer::kYes, v1::DENIAL_REASON_NOT_SME},
                {!rules.size_bands().empty(), InSizeBands(facts, rules), Answer::kYes,
                 v1::DENIAL_REASON_SIZE_BAND},
                {!rules.region_prefixes().empty(), InRegions(facts, rules), Answer::kYes,
                 v1::DENIAL_REASON_REGION},
                {!rules.excluded_ksic().empty(), InExcludedIndustry(facts, rules), Answer::kNo,
                 v1::DENIAL_REASON_INDUSTRY}};
  for (const auto& check : checks) {
    if (check.asked && check.answer == Answer::kUnknown) return v1::DENIAL_REASON_FACTS_MISSING;
  }
  for (const auto& check : checks) {
    if (check.asked && check.answer != check.wanted) return check.reason;
  }
  return v1::DENIAL_REASON_UNSPECIFIED;
}

bool KindAdmitted(const Organization& organization, const v1::EligibilityRules& rules) {
  const auto& kinds = rules.organization_kinds();
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), organization.kind) != kinds.end();
}

}  // namespace

v1::DenialReason FirstFailedRule(const Request& request) {
  const Campaign& campaign = *request.campaign;
  if (request.organization == nullptr) return v1::DENIAL_REASON_ORGANIZATION_UNKNOWN;
  if (!request.organization->active()) return v1::DENIAL_REASON_ORGANIZATION_INACTIVE;
  if (!campaign.TookFormsDuring(request.first, request.last)) {
    return v1::DENIAL_REASON_OUTSIDE_WINDOW;
  }
  if (request.already_enrolled) return v1::DENIAL_REASON_ALREADY_ENROLLED;
  if (!KindAdmitted(*request.organization, campaign.eligibility)) {
    return v1::DENIAL_REASON_ORGANIZATION_KIND;
  }
  const v1::OrganizationFacts& facts =
      request.facts != nullptr ? *request.facts : v1::OrganizationFacts::default_instance();
  return FirstFailedFactRule(facts, campaign.eligibility);
}

v1::EnrolmentState Decide(const Campaign& campaign, v1::DenialReason* reason) {
  if (*reason != v1::DENIAL_REASON_UNSPECIFIED) return v1::ENROLMENT_STATE_DENIED;
  if (campaign.HasFreeSeat()) return v1::ENROLMENT_STATE_CONFIRMED;
  if (campaign.waiting_list) return v1::ENROLMENT_STATE_WAITING;
  *reason = v1::DENIAL_REASON_CAMPAIGN_FULL;
  return v1::ENROLMENT_STATE_DENIED;
}

}  // namespace ieum::registry
