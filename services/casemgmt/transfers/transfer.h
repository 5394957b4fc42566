// A transfer (이관) of a case: another centre leads it from one instant on, and nobody else.
// Nothing is copied; the case keeps its id and gets a higher ownership epoch. Sources: domain.md
// §2, §6 L02; the shape is that of registry's moves (ADR 0040). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/casemgmt/v1/referral_types.pb.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/references/reference.h"

namespace ieum::casemgmt {

// The receiving centre can accept within so many days; the day of asking does not count. That
// nobody has answered is told earlier: on the third business day, as of a referral.
inline constexpr int kTransferDays = 14;

struct Transfer {
  base::Uuid id, case_id;
  v1::TransferState state = v1::TRANSFER_STATE_ASKED;
  std::optional<base::Uuid> from_centre;  // nullopt = the whole suite
  base::Uuid to_centre;
  std::optional<base::Uuid> contact;  // person of the receiving centre, to write to
  v1::TransferReason reason = v1::TRANSFER_REASON_UNSPECIFIED;
  std::vector<std::string> items;  // what is provided, in the words of the consent
  absl::CivilDay asked_day, answer_due;
  bool overdue_told = false;
  std::string requester;  // the account
  absl::Time expires_at;  // the first instant at which it cannot be accepted
  std::optional<absl::Time> decided_at;
  std::string decider;  // "" = nobody yet, or its time ran out
  v1::TransferRejectReason reject_reason = v1::TRANSFER_REJECT_REASON_UNSPECIFIED;
  v1::TransferWithdrawCause withdraw_cause = v1::TRANSFER_WITHDRAW_CAUSE_UNSPECIFIED;
  base::Uuid receipt;           // registry's, of asking and then of accepting
  int64_t ownership_epoch = 0;  // of the case, once accepted
  int64_t revision = 1;
  absl::Time create_time;
};

// "cases/{uuid}/transfers/{uuid}"
std::string TransferName(const base::Uuid& case_id, const base::Uuid& id);

// The end of the last day on which a transfer that is asked for at `now` can be accepted.
absl::Time TransferEnd(absl::Time now);

// A centre or an agency in business, and another one than the case's. ORGANIZATION_UNKNOWN,
// ORGANIZATION_INACTIVE, INVALID_FIELD blaming `to_centre`.
absl::Status CheckReceiver(const std::optional<OrganizationReference>& organization,
                           const std::optional<base::Uuid>& from, absl::CivilDay on);

// The ends of an open transfer; a refusal changes nothing. TRANSFER_STATE for one that is decided.
// Accepting: TRANSFER_STATE from `expires_at` on, whether or not that was written down;
// TRANSFER_NEEDS_ANOTHER for the account that asked; who is behind accounts is not known here.
absl::Status Accept(Transfer* transfer, const std::string& decider, int64_t epoch, absl::Time now);
absl::Status Reject(Transfer* transfer, v1::TransferRejectReason reason, const std::string& decider,
                    absl::Time now);
absl::Status Withdraw(Transfer* transfer, v1::TransferWithdrawCause cause,
                      const std::string& decider, absl::Time now);
absl::Status Expire(Transfer* transfer);
// True once, when the last day for the answer lies before `today` and there is none.
bool TellOverdue(Transfer* transfer, absl::CivilDay today);

// TRANSFER_NEEDS_ANOTHER; TRANSFER_OPEN_ALREADY.
absl::Status NeedsAnother(const Transfer& transfer);
absl::Status TransferredAlready(const base::Uuid& case_id, const base::Uuid& open);

v1::TransferFacts TransferFactsOf(const Transfer& transfer);

}  // namespace ieum::casemgmt
