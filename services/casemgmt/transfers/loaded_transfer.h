// A transfer under the lock of its case, for one of its two sides.
#pragma once

#include "absl/status/statusor.h"
#include "platform/ledger/unit_of_work.h"
#include "services/casemgmt/cases/case.h"
#include "services/casemgmt/transfers/transfer_commands.h"

namespace ieum::casemgmt {

struct LoadedTransfer {
  Case c;
  Transfer transfer;
};
// Each locks the case. NOT_FOUND to who stands on neither side, PERMISSION_DENIED to who stands on
// the other one; STALE_ETAG; to the giver OWNERSHIP_MOVED, too.
absl::StatusOr<LoadedTransfer> LoadAsGiver(ledger::UnitOfWork& work, const TransferInput& input);
absl::StatusOr<LoadedTransfer> LoadAsReceiver(ledger::UnitOfWork& work, const TransferInput& input);
// The same for who has locked the case already.
absl::StatusOr<LoadedTransfer> FindAsReceiver(ledger::UnitOfWork& work, const TransferInput& input);
// For who acts for everybody.
absl::StatusOr<LoadedTransfer> LoadForSuite(ledger::UnitOfWork& work, const TransferInput& input);

}  // namespace ieum::casemgmt
