#include "services/registry/enrolments/eligibility.h"

#include <algorithm>
#include <string>
#include <vector>

#include "services/registry/instants.h"
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

bool IsPerson(const v1::EligibilityEvidence& evidence) {
  return evidence.participant() == v1::PARTICIPANT_KIND_PERSON;
}

bool ParticipantAdmitted(const v1::EligibilityEvidence& evidence,
                         const v1::EligibilityRules& rules) {
  const auto& admitted = rules.participants();
  const int kind =
      IsPerson(evidence) ? v1::PARTICIPANT_KIND_PERSON : v1::PARTICIPANT_KIND_ORGANIZATION;
  return admitted.empty() || std::find(admitted.begin(), admitted.end(), kind) != admitted.end();
}

// Open for a person whose employer is not known: it would have to be asked.
Answer KindAdmitted(const v1::EligibilityEvidence& evidence, const v1::EligibilityRules& rules) {
  const auto& kinds = rules.organization_kinds();
  if (kinds.empty()) return Answer::kYes;
  if (!evidence.organization_known()) return Answer::kUnknown;
  const bool in =
      std::find(kinds.begin(), kinds.end(), evidence.organization_kind()) != kinds.end();
  return in ? Answer::kYes : Answer::kNo;
}

bool CameInTime(const v1::EligibilityEvidence& evidence) {
  Campaign as_it_was;
  as_it_was.state = evidence.campaign_state();
  if (evidence.has_window()) {
    as_it_was.window = TimeWindow{FromTimestamp(evidence.window().start_time()),
                                  FromTimestamp(evidence.window().end_time())};
  }
  if (evidence.has_close_time()) as_it_was.closed_at = FromTimestamp(evidence.close_time());
  return as_it_was.TookFormsDuring(FromTimestamp(evidence.earliest_time()),
                                   FromTimestamp(evidence.latest_time()));
}

// Seats left aside; unspecified = admitted.
v1::DenialReason FirstFailedRule(const v1::EligibilityRules& rules,
                                 const v1::EligibilityEvidence& evidence,
                                 const v1::OrganizationFacts* facts) {
  // A person takes part for herself, with an employer or without.
  if (!IsPerson(evidence)) {
    if (!evidence.organization_known()) return v1::DENIAL_REASON_ORGANIZATION_UNKNOWN;
    if (!evidence.organization_active()) return v1::DENIAL_REASON_ORGANIZATION_INACTIVE;
  }
  if (!CameInTime(evidence)) return v1::DENIAL_REASON_OUTSIDE_WINDOW;
  if (evidence.already_enrolled()) return v1::DENIAL_REASON_ALREADY_ENROLLED;
  if (!ParticipantAdmitted(evidence, rules)) return v1::DENIAL_REASON_PARTICIPANT_KIND;
  const Answer kind = KindAdmitted(evidence, rules);
  if (kind == Answer::kNo) return v1::DENIAL_REASON_ORGANIZATION_KIND;
  if (kind == Answer::kUnknown) return v1::DENIAL_REASON_FACTS_MISSING;
  return FirstFailedFactRule(facts != nullptr ? *facts : v1::OrganizationFacts::default_instance(),
                             rules);
}

bool HasFreeSeat(const v1::EligibilityEvidence& evidence) {
  return evidence.capacity() == 0 || evidence.seats_taken() < evidence.capacity();
}

}  // namespace

v1::EligibilityEvidence EvidenceOf(const Request& request) {
  const Campaign& campaign = *request.campaign;
  v1::EligibilityEvidence evidence;
  if (request.organization != nullptr) {
    evidence.set_organization_known(true);
    evidence.set_organization_active(request.organization->active());
    evidence.set_organization_kind(request.organization->kind);
  }
  if (request.participant == v1::PARTICIPANT_KIND_PERSON) {
    evidence.set_participant(request.participant);
  }
  *evidence.mutable_earliest_time() = ToTimestamp(request.first);
  *evidence.mutable_latest_time() = ToTimestamp(request.last);
  if (campaign.window) {
    *evidence.mutable_window()->mutable_start_time() = ToTimestamp(campaign.window->start);
    *evidence.mutable_window()->mutable_end_time() = ToTimestamp(campaign.window->end);
  }
  evidence.set_campaign_state(campaign.state);
  if (campaign.closed_at) *evidence.mutable_close_time() = ToTimestamp(*campaign.closed_at);
  evidence.set_already_enrolled(request.already_enrolled);
  evidence.set_capacity(campaign.capacity);
  evidence.set_seats_taken(campaign.seats_taken);
  evidence.set_waiting_list(campaign.waiting_list);
  return evidence;
}

Admission JudgeAdmission(const v1::EligibilityRules& rules, const v1::EligibilityEvidence& evidence,
                         const v1::OrganizationFacts* facts) {
  const v1::DenialReason failed = FirstFailedRule(rules, evidence, facts);
  if (failed != v1::DENIAL_REASON_UNSPECIFIED) return {v1::ENROLMENT_STATE_DENIED, failed};
  if (HasFreeSeat(evidence)) return {v1::ENROLMENT_STATE_CONFIRMED};
  if (evidence.waiting_list()) return {v1::ENROLMENT_STATE_WAITING};
  return {v1::ENROLMENT_STATE_DENIED, v1::DENIAL_REASON_CAMPAIGN_FULL};
}

}  // namespace ieum::registry
