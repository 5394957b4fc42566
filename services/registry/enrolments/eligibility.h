// Whether a campaign admits an organization, or a person by what is known of her employer. The
// rules are data of the campaign; the answer is the first rule that failed. A verdict is given on
// what is kept of it and on nothing else, so that it can be given again at any time.
#pragma once

#include "absl/time/time.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "services/registry/campaigns/campaign.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

// Someone who asks.
struct Request {
  const Campaign* campaign = nullptr;
  const Organization* organization = nullptr;  // of a person, her employer; null = not known
  // When it was handed in; for one entered by hand with its day only, that whole day.
  absl::Time first;
  absl::Time last;
  bool already_enrolled = false;
  v1::ParticipantKind participant = v1::PARTICIPANT_KIND_ORGANIZATION;
};

// What a verdict looks at beside the campaign's rules and the facts of the day of receipt.
v1::EligibilityEvidence EvidenceOf(const Request& request);

// DENIED with the first rule that fails, in the order of DenialReason; else CONFIRMED or WAITING,
// and DENIED with CAMPAIGN_FULL when no seat is free and nobody can wait.
struct Admission {
  v1::EnrolmentState state = v1::ENROLMENT_STATE_UNSPECIFIED;
  v1::DenialReason reason = v1::DENIAL_REASON_UNSPECIFIED;

  bool operator==(const Admission&) const = default;
};

// `facts`: of the day of receipt; null = none known.
Admission JudgeAdmission(const v1::EligibilityRules& rules, const v1::EligibilityEvidence& evidence,
                         const v1::OrganizationFacts* facts);

}  // namespace ieum::registry
