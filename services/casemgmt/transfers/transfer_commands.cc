#include "services/casemgmt/transfers/transfer_commands.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/conferences/conference_commands.h"
#include "services/casemgmt/references/reference_store.h"
#include "services/casemgmt/referrals/provision_commands.h"
#include "services/casemgmt/referrals/provision_store.h"
#include "services/casemgmt/referrals/referral.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/sealed_words.h"
#include "services/casemgmt/sessions/session_commands.h"
#include "services/casemgmt/transfers/loaded_transfer.h"
#include "services/casemgmt/transfers/transfer_events.h"
#include "services/casemgmt/transfers/transfer_store.h"

namespace ieum::casemgmt {
namespace {

Transfer NewTransfer(const ledger::UnitOfWork& work, const Case& c, const AskTransferInput& input) {
  Transfer transfer;
  transfer.id = work.DeriveId("transfer");
  transfer.case_id = c.id;
  transfer.from_centre = c.centre;
  transfer.to_centre = input.to_centre;
  transfer.contact = input.contact;
  transfer.reason = input.reason;
  transfer.items = input.items;
  transfer.asked_day = base::KoreaDay(work.now());
  transfer.requester = work.caller().actor;
  transfer.expires_at = TransferEnd(work.now());
  if (input.provision) transfer.receipt = input.provision->receipt;
  transfer.create_time = work.now();
  return transfer;
}

absl::Status Check(ledger::UnitOfWork& work, const Case& c, const AskTransferInput& input,
                   const Transfer& transfer) {
  RETURN_IF_ERROR(NextState(c, CaseStep::kTransfer).status());
  if (!c.person) {
    return base::Forbidden("PERSON_ERASED", "the person's data was erased; nothing is transferred");
  }
  RETURN_IF_ERROR(
      CheckReceiver(FindOrganization(work.tx(), transfer.to_centre), c.centre, transfer.asked_day));
  if (const auto open = FindOpenTransfer(work.tx(), c.id)) return TransferredAlready(c.id, *open);
  return CheckProvision(work, *c.person, transfer.to_centre, input.provision);
}

void KeepProvision(ledger::UnitOfWork& work, const Transfer& transfer,
                   const ProvisionAnswer& answer) {
  InsertProvision(work.tx(), {.id = work.DeriveId("provision"),
                              .case_id = transfer.case_id,
                              .kind = v1::PROVISION_KIND_TRANSFER,
                              .subject = transfer.id,
                              .recipient = transfer.to_centre,
                              .items = transfer.items,
                              .answer = answer});
}

ledger::Done Unchanged(const LoadedTransfer& loaded) {
  return {loaded.c.id, TransferName(loaded.c.id, loaded.transfer.id)};
}

absl::Status KeepWords(ledger::UnitOfWork& work, const db::PersonKeys& keys, const Case& c,
                       const Transfer& transfer, const std::string& text) {
  ASSIGN_OR_RETURN(const SealedWords words,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !text.empty()));
  SaveDecisionBox(work.tx(), transfer.id, words.Box("transfer_decision", text));
  return absl::OkStatus();
}

ledger::Done TellWithdrawn(ledger::UnitOfWork& work, const Case& c, const Transfer& transfer) {
  return TellOf<v1::TransferWithdrawn>(work, c, transfer, [&](auto& event) {
    event.set_withdrawn_date(base::FormatDay(base::KoreaDay(work.now())));
    event.set_cause(transfer.withdraw_cause);
  });
}

struct Before {
  std::optional<base::Uuid> centre, manager;
  int64_t epoch;
};

ledger::Done TellAccepted(ledger::UnitOfWork& work, const Case& c, const Transfer& transfer,
                          const Before& before) {
  const std::string today = base::FormatDay(base::KoreaDay(work.now()));
  const ledger::Done done = TellOf<v1::TransferAccepted>(
      work, c, transfer, [&](auto& event) { event.set_accepted_date(today); });
  auto event = EventOf<v1::CaseTransferred>(c, work.now());
  event.set_transferred_date(today);
  if (before.centre) event.set_previous_centre_id(before.centre->ToString());
  event.set_previous_ownership_epoch(before.epoch);
  event.set_transfer_id(transfer.id.ToString());
  if (before.manager) event.set_previous_manager_person_id(before.manager->ToString());
  AppendToCase(work, c, event);
  return done;
}

}  // namespace

absl::StatusOr<ledger::Done> AskTransfer(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const base::BusinessCalendar& calendar,
                                         const AskTransferInput& input) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(const Case c, LoadCase(work, input.of));
  Transfer transfer = NewTransfer(work, c, input);
  RETURN_IF_ERROR(Check(work, c, input, transfer));
  ASSIGN_OR_RETURN(transfer.answer_due, AnswerDue(transfer.asked_day, calendar));
  ASSIGN_OR_RETURN(const SealedWords words,
                   SealedWords::ToWrite(work.tx(), keys, c.person, !input.reason_text.empty()));
  if (!InsertTransfer(work.tx(), transfer, words.Box("transfer_reason", input.reason_text))) {
    return base::AlreadyExists("ID_TAKEN", "this request was answered long ago");
  }
  KeepProvision(work, transfer, *input.provision);
  Task task =
      TaskOf(c, v1::CASE_TASK_KIND_TRANSFER_ANSWER, AnswerTaskOf(transfer), transfer.answer_due);
  task.subject = TransferName(c.id, transfer.id);
  PutTask(work, task);
  return TellOf<v1::TransferAsked>(work, c, transfer, [](auto&) {});
}

absl::StatusOr<ledger::Done> AcceptTransfer(ledger::UnitOfWork& work,
                                            const AcceptTransferInput& input) {
  const auto appointments = LockWithAppointments(work, input.at.case_id);
  ASSIGN_OR_RETURN(LoadedTransfer loaded, FindAsReceiver(work, input.at));
  Case& c = loaded.c;
  Transfer& transfer = loaded.transfer;
  const Before before = {c.centre, c.manager, c.ownership_epoch};
  const absl::CivilDay today = base::KoreaDay(work.now());
  RETURN_IF_ERROR(Accept(&transfer, work.caller().actor, c.ownership_epoch + 1, work.now()));
  if (SamePerson(input.accepter, input.requester)) return NeedsAnother(transfer);
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kTransfer, today));
  if (!c.person) {
    return base::Forbidden("PERSON_ERASED", "the person's data was erased; nothing is transferred");
  }
  RETURN_IF_ERROR(CheckProvision(work, *c.person, transfer.to_centre, input.provision));
  transfer.receipt = input.provision->receipt;
  c.centre = transfer.to_centre;
  c.ownership_epoch = transfer.ownership_epoch;
  c.manager_subject = input.manager.subject;
  c.manager = input.manager.person;
  c.supervisor = input.supervisor;
  SaveTransfer(work.tx(), transfer);
  KeepProvision(work, transfer, *input.provision);
  EndAnswerTask(work, transfer, true);
  SaveCase(work, c, today);
  GiveTasks(work, c);
  GiveReferralsOf(work, c);
  GiveOpenSessions(work, c, appointments);
  TakeOffAgendas(work, c);
  return TellAccepted(work, c, transfer, before);
}

absl::StatusOr<ledger::Done> RejectTransfer(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const TransferInput& input,
                                            v1::TransferRejectReason reason,
                                            const std::string& text) {
  ASSIGN_OR_RETURN(LoadedTransfer loaded, LoadAsReceiver(work, input));
  Transfer& transfer = loaded.transfer;
  RETURN_IF_ERROR(Reject(&transfer, reason, work.caller().actor, work.now()));
  RETURN_IF_ERROR(KeepWords(work, keys, loaded.c, transfer, text));
  SaveTransfer(work.tx(), transfer);
  EndAnswerTask(work, transfer, true);
  return TellOf<v1::TransferRejected>(work, loaded.c, transfer, [&](auto& event) {
    event.set_rejected_date(base::FormatDay(base::KoreaDay(work.now())));
    event.set_reason(reason);
  });
}

absl::StatusOr<ledger::Done> WithdrawTransfer(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const TransferInput& input, const std::string& text) {
  ASSIGN_OR_RETURN(LoadedTransfer loaded, LoadAsGiver(work, input));
  Transfer& transfer = loaded.transfer;
  RETURN_IF_ERROR(
      Withdraw(&transfer, v1::TRANSFER_WITHDRAW_CAUSE_GIVER, work.caller().actor, work.now()));
  RETURN_IF_ERROR(KeepWords(work, keys, loaded.c, transfer, text));
  SaveTransfer(work.tx(), transfer);
  EndAnswerTask(work, transfer, false);
  return TellWithdrawn(work, loaded.c, transfer);
}

absl::StatusOr<ledger::Done> TellTransferOverdue(ledger::UnitOfWork& work,
                                                 const base::Uuid& case_id, const base::Uuid& id) {
  ASSIGN_OR_RETURN(LoadedTransfer loaded, LoadForSuite(work, {.case_id = case_id, .id = id}));
  if (!TellOverdue(&loaded.transfer, base::KoreaDay(work.now()))) return Unchanged(loaded);
  SaveTransfer(work.tx(), loaded.transfer);
  return TellOf<v1::TransferAnswerOverdue>(work, loaded.c, loaded.transfer, [](auto&) {});
}

absl::StatusOr<ledger::Done> ExpireTransfer(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                            const base::Uuid& id) {
  ASSIGN_OR_RETURN(LoadedTransfer loaded, LoadForSuite(work, {.case_id = case_id, .id = id}));
  Transfer& transfer = loaded.transfer;
  const bool open = transfer.state == v1::TRANSFER_STATE_ASKED;
  if (!open || work.now() < transfer.expires_at) return Unchanged(loaded);
  RETURN_IF_ERROR(Expire(&transfer));
  SaveTransfer(work.tx(), transfer);
  EndAnswerTask(work, transfer, false);
  return TellOf<v1::TransferExpired>(work, loaded.c, transfer, [&](auto& event) {
    event.set_expired_date(base::FormatDay(base::KoreaDay(transfer.expires_at)));
  });
}

void EndTransferOf(ledger::UnitOfWork& work, const Case& c, v1::TransferWithdrawCause cause) {
  const auto open = FindOpenTransfer(work.tx(), c.id);
  auto view = open ? FindTransfer(work.tx(), c.id, *open) : std::nullopt;
  if (!view) return;
  if (!Withdraw(&view->transfer, cause, work.caller().actor, work.now()).ok()) return;
  SaveTransfer(work.tx(), view->transfer);
  EndAnswerTask(work, view->transfer, false);
  TellWithdrawn(work, c, view->transfer);
}

absl::Status ForgetTransfersOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (const base::Uuid& id : CasesOfPerson(work.tx(), person)) {
    const auto c = FindCase(work.tx(), Reach::Everything(), id);
    if (!c) continue;
    EndTransferOf(work, *c, v1::TRANSFER_WITHDRAW_CAUSE_PERSON_ERASED);
    ForgetTransferWords(work.tx(), id);
  }
  ForgetTransferContact(work.tx(), person);
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
