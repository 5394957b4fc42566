// Recording of labels and of terms in the council. As in organization_commands.h.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/ledger/ledger.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

struct RecordLabelInput {
  base::Uuid id;
  std::string etag;
  v1::OrganizationLabel label;
};
absl::StatusOr<ledger::Done> RecordOrganizationLabel(ledger::UnitOfWork& work,
                                                     const RecordLabelInput& input);
// Its parts, for who has locked the organization and more.
struct LabelUpdate {
  Organization organization;
  v1::OrganizationLabel before;  // of the same code and first day; empty = none
  v1::OrganizationLabel after;
};
absl::StatusOr<LabelUpdate> PlanLabel(ledger::UnitOfWork& work, const RecordLabelInput& input);
void MakeLabel(ledger::UnitOfWork& work, LabelUpdate update);

struct RecordTermInput {
  base::Uuid id;
  std::string etag;
  v1::CouncilTerm term;
};
absl::StatusOr<ledger::Done> RecordCouncilTerm(ledger::UnitOfWork& work,
                                               const RecordTermInput& input);

}  // namespace ieum::registry
