// Recording of labels and of terms in the council. As in organization_commands.h.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/ledger/ledger.h"

namespace ieum::registry {

struct RecordLabelInput {
  base::Uuid id;
  std::string etag;
  v1::OrganizationLabel label;
};
absl::StatusOr<ledger::Done> RecordOrganizationLabel(ledger::UnitOfWork& work,
                                                     const RecordLabelInput& input);

struct RecordTermInput {
  base::Uuid id;
  std::string etag;
  v1::CouncilTerm term;
};
absl::StatusOr<ledger::Done> RecordCouncilTerm(ledger::UnitOfWork& work,
                                               const RecordTermInput& input);

}  // namespace ieum::registry
