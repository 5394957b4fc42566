#include "services/casemgmt/transfers/transfer.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

absl::CivilDay LastDay(const Transfer& transfer) {
  return base::KoreaDay(transfer.expires_at - absl::Microseconds(1));
}

absl::Status RequireOpen(const Transfer& transfer) {
  if (transfer.state == v1::TRANSFER_STATE_ASKED) return absl::OkStatus();
  const std::string state = v1::TransferState_Name(transfer.state);
  return base::Forbidden(
      v1::ERROR_REASON_TRANSFER_STATE,
      absl::StrCat("the transfer is in ", state, "; only an open one can be decided"),
      {{"transfer", TransferName(transfer.case_id, transfer.id)}, {"state", state}});
}

void Decide(Transfer* transfer, v1::TransferState state, const std::string& decider,
            absl::Time at) {
  transfer->state = state;
  transfer->decided_at = at;
  transfer->decider = decider;
}

}  // namespace

std::string TransferName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat("cases/", case_id.ToString(), "/transfers/", id.ToString());
}

absl::Time TransferEnd(absl::Time now) {
  return base::KoreaInstant(base::KoreaDay(now) + kTransferDays + 1, 0);
}

absl::Status CheckReceiver(const std::optional<OrganizationReference>& organization,
                           const std::optional<base::Uuid>& from, absl::CivilDay on) {
  RETURN_IF_ERROR(CheckActive(organization, on));
  const bool fits = organization->kind == registry::v1::ORGANIZATION_KIND_CENTRE ||
                    organization->kind == registry::v1::ORGANIZATION_KIND_AGENCY;
  if (fits && from != organization->id) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "to_centre",
                            "must be a centre or an agency, and another one than the case's own");
}

absl::Status Accept(Transfer* transfer, const std::string& decider, int64_t epoch, absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*transfer));
  if (now >= transfer->expires_at) {
    const std::string last = base::FormatDay(LastDay(*transfer));
    return base::Forbidden(
        v1::ERROR_REASON_TRANSFER_STATE,
        absl::StrCat("the transfer could be accepted until ", last, "; let it be asked for anew"),
        {{"transfer", TransferName(transfer->case_id, transfer->id)}, {"last_accept_date", last}});
  }
  if (decider == transfer->requester) return NeedsAnother(*transfer);
  Decide(transfer, v1::TRANSFER_STATE_ACCEPTED, decider, now);
  transfer->ownership_epoch = epoch;
  return absl::OkStatus();
}

absl::Status Reject(Transfer* transfer, v1::TransferRejectReason reason, const std::string& decider,
                    absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*transfer));
  Decide(transfer, v1::TRANSFER_STATE_REJECTED, decider, now);
  transfer->reject_reason = reason;
  return absl::OkStatus();
}

absl::Status Withdraw(Transfer* transfer, v1::TransferWithdrawCause cause,
                      const std::string& decider, absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*transfer));
  Decide(transfer, v1::TRANSFER_STATE_WITHDRAWN, decider, now);
  transfer->withdraw_cause = cause;
  return absl::OkStatus();
}

absl::Status Expire(Transfer* transfer) {
  RETURN_IF_ERROR(RequireOpen(*transfer));
  // Its time was over then, whenever that is written down.
  Decide(transfer, v1::TRANSFER_STATE_EXPIRED, "", transfer->expires_at);
  return absl::OkStatus();
}

bool TellOverdue(Transfer* transfer, absl::CivilDay today) {
  if (transfer->state != v1::TRANSFER_STATE_ASKED || transfer->overdue_told) return false;
  if (today <= transfer->answer_due) return false;
  transfer->overdue_told = true;
  return true;
}

absl::Status NeedsAnother(const Transfer& transfer) {
  return base::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_TRANSFER_NEEDS_ANOTHER,
                     "whoever asked for a transfer does not accept it, by whichever account; "
                     "somebody else has to",
                     {{"transfer", TransferName(transfer.case_id, transfer.id)}});
}

absl::Status TransferredAlready(const base::Uuid& case_id, const base::Uuid& open) {
  return base::AlreadyExists(
      v1::ERROR_REASON_TRANSFER_OPEN_ALREADY,
      "somebody has asked to transfer the case already; withdraw that transfer first",
      {{"transfer", TransferName(case_id, open)}});
}

v1::TransferFacts TransferFactsOf(const Transfer& transfer) {
  v1::TransferFacts facts;
  facts.set_transfer_id(transfer.id.ToString());
  facts.set_from_centre_id(base::CentreText(transfer.from_centre));
  facts.set_to_centre_id(transfer.to_centre.ToString());
  facts.set_reason(transfer.reason);
  facts.set_state(transfer.state);
  facts.set_asked_date(base::FormatDay(transfer.asked_day));
  facts.set_answer_due_date(base::FormatDay(transfer.answer_due));
  facts.set_last_accept_date(base::FormatDay(LastDay(transfer)));
  facts.set_recipient_contact_person_id(base::CentreText(transfer.contact));
  return facts;
}

}  // namespace ieum::casemgmt
