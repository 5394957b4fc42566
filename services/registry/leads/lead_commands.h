// What can be done with leads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/lead_service.pb.h"
#include "platform/ledger/ledger.h"
#include "services/registry/leads/lead.h"

namespace ieum::registry {

struct RecordLeadInput {
  std::optional<base::Uuid> id;  // chosen by the caller
  base::Uuid organization_id;
  std::optional<base::Uuid> source_campaign_id;
  std::optional<base::Uuid> contact_person_id;
  std::optional<base::Uuid> centre;  // as the caller said
  v1::Lead lead;                     // programme, edition, task, source, interest_date
};
absl::StatusOr<ledger::Done> RecordLead(ledger::UnitOfWork& work, const RecordLeadInput& input);

struct LeadStepInput {
  base::Uuid id;
  std::string etag;
  std::string date;  // "" = today
};
absl::StatusOr<ledger::Done> SignLead(ledger::UnitOfWork& work, const LeadStepInput& input);
absl::StatusOr<ledger::Done> ContactLead(ledger::UnitOfWork& work, const LeadStepInput& input,
                                         v1::LeadContactChannel channel);
absl::StatusOr<ledger::Done> LoseLead(ledger::UnitOfWork& work, const LeadStepInput& input,
                                      v1::LeadLossReason reason);
// `date` is not looked at.
absl::StatusOr<ledger::Done> EnrolLead(ledger::UnitOfWork& work, const LeadStepInput& input,
                                       const base::Uuid& campaign_id,
                                       const base::Uuid& enrolment_id);

// Within the command that deactivates their firm, which has locked them: on `day`, or on that of
// the last step where that was later.
absl::Status LoseWithFirm(ledger::UnitOfWork& work, const std::vector<base::Uuid>& leads,
                          absl::CivilDay day, v1::DeactivationReason reason);

// Tells that contacting the firm is due on `day`, once. Changes nothing when it is not.
absl::StatusOr<ledger::Done> TellContactDue(ledger::UnitOfWork& work, const base::Uuid& id,
                                            absl::CivilDay day);

}  // namespace ieum::registry
