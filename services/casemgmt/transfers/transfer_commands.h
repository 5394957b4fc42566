// What can be done with transfers. Each locks its case: a write of the giving centre comes before
// the acceptance or is refused after it, and never between. The errors are those that
// TransferService promises. row:C12 row:X13
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/business_days.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/references/provision_book.h"
#include "services/casemgmt/references/staff.h"
#include "services/casemgmt/transfers/transfer.h"

namespace ieum::casemgmt {

struct AskTransferInput {
  CaseInput of;
  base::Uuid to_centre;
  std::optional<base::Uuid> contact;
  v1::TransferReason reason = v1::TRANSFER_REASON_UNSPECIFIED;
  std::string reason_text;
  std::vector<std::string> items;
  std::optional<ProvisionAnswer> provision;
};
absl::StatusOr<ledger::Done> AskTransfer(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const base::BusinessCalendar& calendar,
                                         const AskTransferInput& input);

struct TransferInput {
  base::Uuid case_id, id;
  std::string etag;  // of the transfer
  Reach reach;       // of the caller on the giving side; the receiving one is the unit's scope
};
struct AcceptTransferInput {
  TransferInput at;
  Staff accepter, requester;  // by registry's word on who is behind the accounts
  Staff manager;              // from now on
  std::optional<base::Uuid> supervisor;
  std::optional<ProvisionAnswer> provision;  // asked again
};
absl::StatusOr<ledger::Done> AcceptTransfer(ledger::UnitOfWork& work,
                                            const AcceptTransferInput& input);
absl::StatusOr<ledger::Done> RejectTransfer(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const TransferInput& input,
                                            v1::TransferRejectReason reason,
                                            const std::string& text);
absl::StatusOr<ledger::Done> WithdrawTransfer(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const TransferInput& input, const std::string& text);

// For who has seen that it is due; each changes nothing when it was settled meanwhile.
absl::StatusOr<ledger::Done> TellTransferOverdue(ledger::UnitOfWork& work,
                                                 const base::Uuid& case_id, const base::Uuid& id);
absl::StatusOr<ledger::Done> ExpireTransfer(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                            const base::Uuid& id);

// Parts of use cases that have locked the case. What the case was to be transferred for is over.
void EndTransferOf(ledger::UnitOfWork& work, const Case& c, v1::TransferWithdrawCause cause);
// Her data end: the same with all of her cases, no words are left, and nobody writes to her for a
// centre. A room's part of forgetting.
absl::Status ForgetTransfersOf(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::casemgmt
