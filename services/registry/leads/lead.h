// A lead: a firm that may take part in a coming edition, step by dated step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/events.pb.h"
#include "ieum/registry/v1/lead_types.pb.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "services/registry/campaigns/campaign.h"
#include "services/registry/enrolments/enrolment.h"

namespace ieum::registry {

// A firm that has signed is contacted within so many days; the day of the signature does not count.
inline constexpr int kContactDays = 14;

struct LeadStep {
  v1::LeadState state = v1::LEAD_STATE_UNSPECIFIED;
  absl::CivilDay day;
  v1::LeadContactChannel channel = v1::LEAD_CONTACT_CHANNEL_UNSPECIFIED;
  v1::LeadLossReason loss_reason = v1::LEAD_LOSS_REASON_UNSPECIFIED;
  absl::Time recorded_at;
};

struct Lead {
  base::Uuid id;
  base::Uuid organization_id;
  std::string programme, edition;  // wanted
  v1::TaskKind task = v1::TASK_KIND_UNSPECIFIED;
  std::string source_code;
  std::string source;  // a resource name, of another service too; "" = none
  std::optional<base::Uuid> source_campaign_id;
  std::optional<base::Uuid> contact_person_id;
  std::vector<LeadStep> steps;  // the first is INTEREST
  std::optional<absl::CivilDay> contact_due;
  std::optional<absl::Time> due_told_at;  // when LeadContactDue was told
  std::optional<base::Uuid> campaign_id, enrolment_id;
  std::optional<base::Uuid> centre;  // nullopt = the whole suite's
  absl::Time created_at;
  absl::Time updated_at;

  v1::LeadState state() const { return steps.back().state; }
};

// "leads/{uuid}".
std::string LeadName(const base::Uuid& id);

// INTEREST → INTENT_SIGNED → CONTACTED → ENROLLED; LOST from the first three.
bool MayFollow(v1::LeadState from, v1::LeadState to);

// Adds a step. FAILED_PRECONDITION (LEAD_STATE) when it may not follow, INVALID_ARGUMENT
// (DATE_ORDER) blaming `field` when its day lies before the last one's. A signature sets the day
// until which the firm is to be contacted.
absl::Status Step(Lead* lead, const LeadStep& step, std::string_view field);

// Whether contacting the firm is due on `day` and nobody has been told.
bool ContactIsDue(const Lead& lead, absl::CivilDay day);

// Whether the enrolment is one that the lead can have become. FAILED_PRECONDITION
// (LEAD_ENROLMENT_MISMATCH) for another firm's, another programme's or edition's, another centre's
// than the lead's, or one that was denied or withdrawn. A lead of the whole suite may have become
// any centre's.
absl::Status CheckBecame(const Lead& lead, const Enrolment& enrolment, const Campaign& campaign);

// Why a lead is lost whose firm was deactivated.
v1::LeadLossReason LossOf(v1::DeactivationReason reason);

// What events say of it.
v1::LeadFacts LeadFactsOf(const Lead& lead);

}  // namespace ieum::registry
