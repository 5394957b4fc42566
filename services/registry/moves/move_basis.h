// Whether a person's data may go from one centre to the other: what goes from one body to another
// is a provision to a third party (개인정보 보호법 제17조) and needs her consent, what stays below
// one lead centre is not.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "platform/ledger/unit_of_work.h"
#include "services/registry/consents/consent_receipt.h"
#include "services/registry/moves/move.h"

namespace ieum::registry {

struct FoundBasis {
  v1::MoveBasis basis = v1::MOVE_BASIS_UNSPECIFIED;
  std::optional<ConsentReceipt> receipt;  // of a consent; to be kept when the data go
};
// Whoever hands on holds the lock of the person meanwhile, so that a withdrawal comes before or
// after it. MOVE_BASIS_MISSING; INVALID_FIELD blaming "items" where her consent is looked at and
// nothing is named. law:L02 row:X14
absl::StatusOr<FoundBasis> FindBasis(ledger::UnitOfWork& work, const Move& move);

}  // namespace ieum::registry
