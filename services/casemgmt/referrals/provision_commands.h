// That her consent refused a provision is kept although nothing was handed on (law:L02).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/referral_types.pb.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/references/provision_book.h"

namespace ieum::casemgmt {

struct RefusedProvision {
  CaseInput of;
  v1::ProvisionKind kind = v1::PROVISION_KIND_UNSPECIFIED;
  base::Uuid recipient;
  std::vector<std::string> items;
  ProvisionAnswer answer;  // not allowed
};
// The errors of LoadCase. The answer names the provision.
absl::StatusOr<ledger::Done> KeepRefusal(ledger::UnitOfWork& work, const RefusedProvision& refused);

// Whether registry's answer holds when something is handed on now: it was asked for and allows it,
// and nothing newer was heard. Holds what is heard of her consents until the transaction ends.
// CONSENT_MISSING.
absl::Status CheckProvision(ledger::UnitOfWork& work, const base::Uuid& person,
                            const base::Uuid& recipient,
                            const std::optional<ProvisionAnswer>& answer);

std::string ProvisionName(const base::Uuid& case_id, const base::Uuid& id);

}  // namespace ieum::casemgmt
