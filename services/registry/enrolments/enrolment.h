// An enrolment: an organization's or a person's part in a campaign, step by dated step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/campaigns/campaign.h"

namespace ieum::registry {

struct EnrolmentStep {
  v1::EnrolmentState state = v1::ENROLMENT_STATE_UNSPECIFIED;
  absl::CivilDay day;
  v1::DenialReason denial_reason = v1::DENIAL_REASON_UNSPECIFIED;
  v1::WithdrawalReason withdrawal_reason = v1::WITHDRAWAL_REASON_UNSPECIFIED;
  absl::Time recorded_at;
};

struct Enrolment {
  base::Uuid id;
  base::Uuid campaign_id;
  int64_t line = 0;  // order of asking within the campaign
  // Who takes part: one of both.
  std::optional<base::Uuid> organization_id;
  std::optional<base::Uuid> person_id;
  std::optional<base::Uuid> employer_id;  // of a person, on `applied_date`; nullopt = none known
  int attribution = 0;                    // how often the employer was corrected
  // The organization's; unspecified for a person.
  v1::OrganizationKind organization_kind = v1::ORGANIZATION_KIND_UNSPECIFIED;
  std::optional<base::Uuid> application_id;
  std::optional<base::Uuid> engagement_id;
  std::optional<base::Uuid> contact_person_id;
  std::optional<base::Uuid> consultant_person_id;
  absl::CivilDay applied_date;
  // The verdict: version of the campaign whose rules decided (0 = ended before a verdict), the
  // rules, and the facts that they looked at.
  int64_t rule_version = 0;
  v1::EligibilityRules rules;
  std::optional<v1::OrganizationFacts> facts;
  std::optional<v1::EligibilityEvidence> evidence;  // what else; nullopt = of before it was kept
  std::optional<absl::Time> offered_until;          // of its offer; nullopt = never offered a seat
  std::vector<EnrolmentStep> steps;                 // the first is APPLIED
  std::optional<base::Uuid> centre;                 // the campaign's, unless it was moved
  absl::Time created_at;

  v1::EnrolmentState state() const { return steps.back().state; }
  absl::Time updated_at() const { return steps.back().recorded_at; }
  v1::DenialReason denial_reason() const;
};

// "campaigns/{uuid}/enrolments/{uuid}".
std::string EnrolmentName(const base::Uuid& campaign, const base::Uuid& enrolment);

// Names what a person's enrolment is attributed to; another one after each correction.
base::Uuid AttributionId(const Enrolment& enrolment);

// Confirmed, active or completed. For one that was offered a seat it is only held.
bool HoldsSeat(v1::EnrolmentState state);
// APPLIED → DENIED | WAITING | CONFIRMED; WAITING → OFFERED | CONFIRMED; OFFERED → CONFIRMED;
// CONFIRMED → ACTIVE → COMPLETED; WITHDRAWN from APPLIED, WAITING, OFFERED, CONFIRMED and ACTIVE.
bool MayFollow(v1::EnrolmentState from, v1::EnrolmentState to);
// Where it can go, in the order above; none for a final state.
std::vector<v1::EnrolmentState> StepsFrom(v1::EnrolmentState state);

// Adds a step. FAILED_PRECONDITION (ENROLMENT_STATE) when it may not follow, INVALID_ARGUMENT
// (DATE_ORDER) blaming `field` when its day lies before the last one's.
absl::Status Step(Enrolment* enrolment, const EnrolmentStep& step, std::string_view field);

// Whether the seat that is held for it can be taken or refused at `now`. FAILED_PRECONDITION:
// ENROLMENT_STATE when none is held, OFFER_EXPIRED from the end of the offer on, whether or not
// somebody has written that end down.
absl::Status RequireOffer(const Enrolment& enrolment, absl::Time now);

// Whether somebody may say it of a withdrawal: what only offers give is not theirs to say.
// INVALID_FIELD blaming "reason".
absl::Status CheckSpokenReason(v1::WithdrawalReason reason);

// What events say of it.
v1::EnrolmentFacts EnrolmentFactsOf(const Enrolment& enrolment, const Campaign& campaign);

}  // namespace ieum::registry
