#include "services/casemgmt/referrals/referral_commands.h"

#include <algorithm>

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/references/reference_store.h"
#include "services/casemgmt/referrals/loaded_referral.h"
#include "services/casemgmt/referrals/provision_commands.h"
#include "services/casemgmt/referrals/provision_store.h"
#include "services/casemgmt/referrals/referral_events.h"
#include "services/casemgmt/referrals/referral_store.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {
namespace {

Referral NewReferral(const ledger::UnitOfWork& work, const SendReferralInput& input) {
  Referral referral;
  referral.id = work.DeriveId("referral");
  referral.case_id = input.of.case_id;
  referral.service = input.service;
  referral.recipient = input.recipient;
  referral.contact = input.contact;
  referral.parts = input.parts;
  std::sort(referral.parts.begin(), referral.parts.end());
  referral.items = input.items;
  referral.sent_day = base::KoreaDay(work.now());
  referral.end_day = input.end_day.value_or(referral.sent_day + kGrantDays);
  if (input.provision) referral.receipt = input.provision->receipt;
  referral.create_time = work.now();
  return referral;
}

void KeepProvision(ledger::UnitOfWork& work, const Referral& referral,
                   const std::optional<ProvisionAnswer>& answer) {
  if (referral.parts.empty()) return;
  InsertProvision(work.tx(), {.id = work.DeriveId("provision"),
                              .case_id = referral.case_id,
                              .kind = v1::PROVISION_KIND_REFERRAL,
                              .subject = referral.id,
                              .recipient = *referral.recipient,
                              .items = referral.items,
                              .answer = *answer});
}

absl::Status Check(ledger::UnitOfWork& work, const Case& c, const SendReferralInput& input,
                   const Referral& referral) {
  if (!c.person) {
    return base::Forbidden("PERSON_ERASED", "the person's data was erased; nobody is referred");
  }
  RETURN_IF_ERROR(CheckSharing(referral, !input.outside_body.empty()));
  if (!referral.recipient) return absl::OkStatus();
  RETURN_IF_ERROR(CheckRecipient(FindOrganization(work.tx(), *referral.recipient), c.centre,
                                 referral.sent_day, "recipient"));
  if (const auto open = FindOpenReferral(work.tx(), referral)) {
    return ReferredAlready(referral, *open);
  }
  if (referral.parts.empty()) return absl::OkStatus();
  return CheckProvision(work, *c.person, *referral.recipient, input.provision);
}

void EndAnswerTask(ledger::UnitOfWork& work, const Referral& referral, bool answered) {
  EndTask(work, TaskId(referral.case_id, AnswerTaskOf(referral.id)),
          answered ? v1::CASE_TASK_STATE_DONE : v1::CASE_TASK_STATE_DROPPED);
}

ledger::Done RevokeOpen(ledger::UnitOfWork& work, const Case& c, Referral& referral) {
  SaveReferral(work.tx(), referral, work.now());
  EndAnswerTask(work, referral, false);
  return TellOf<v1::ReferralRevoked>(work, c, referral, [&](auto& event) {
    event.set_revoked_date(base::FormatDay(base::KoreaDay(work.now())));
    event.set_reason(referral.revoke_reason);
  });
}

ledger::Done Unchanged(const LoadedReferral& loaded) {
  return {loaded.c.id, ReferralName(loaded.c.id, loaded.referral.id)};
}

int RevokeAll(ledger::UnitOfWork& work, const Case& c, v1::ReferralRevokeReason reason,
              bool to_owner_only) {
  int revoked = 0;
  for (const base::Uuid& id : OpenReferralsOf(work.tx(), c.id)) {
    auto view = FindReferral(work.tx(), c.id, id);
    if (!view || (to_owner_only && view->referral.recipient != c.centre)) continue;
    if (to_owner_only && !c.centre) continue;
    if (!Revoke(&view->referral, reason, work.now()).ok()) continue;
    RevokeOpen(work, c, view->referral);
    ++revoked;
  }
  return revoked;
}

}  // namespace

absl::StatusOr<ledger::Done> SendReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const base::BusinessCalendar& calendar,
                                          const SendReferralInput& input) {
  work.Lock({input.of.case_id});
  ASSIGN_OR_RETURN(Case c, LoadCase(work, input.of));
  Referral referral = NewReferral(work, input);
  RETURN_IF_ERROR(TakeStep(work, c, CaseStep::kRefer, referral.sent_day));
  RETURN_IF_ERROR(Check(work, c, input, referral));
  ASSIGN_OR_RETURN(referral.answer_due, AnswerDue(referral.sent_day, calendar));
  ASSIGN_OR_RETURN(const SealedWords words, SealedWords::ToWrite(work.tx(), keys, c.person, true));
  if (!InsertReferral(work.tx(), referral, c.centre,
                      words.Box("referral_outside_body", input.outside_body),
                      words.Box("referral_request", input.request_text))) {
    return base::AlreadyExists("ID_TAKEN", "this request was answered long ago");
  }
  KeepProvision(work, referral, input.provision);
  SaveCase(work, c, referral.sent_day);
  Task task =
      TaskOf(c, v1::CASE_TASK_KIND_REFERRAL_ANSWER, AnswerTaskOf(referral.id), referral.answer_due);
  task.subject = ReferralName(c.id, referral.id);
  PutTask(work, task);
  return TellOf<v1::ReferralSent>(work, c, referral, [&](auto& event) {
    for (const v1::SharedPart part : referral.parts) event.add_parts(part);
  });
}

absl::StatusOr<ledger::Done> RevokeReferral(ledger::UnitOfWork& work, const ReferralInput& input,
                                            v1::ReferralRevokeReason reason) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsSender(work, input));
  RETURN_IF_ERROR(Revoke(&loaded.referral, reason, work.now()));
  return RevokeOpen(work, loaded.c, loaded.referral);
}

absl::StatusOr<ledger::Done> TellReferralOverdue(ledger::UnitOfWork& work,
                                                 const base::Uuid& case_id, const base::Uuid& id) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadForSuite(work, case_id, id));
  if (!TellOverdue(&loaded.referral, base::KoreaDay(work.now()))) return Unchanged(loaded);
  SaveReferral(work.tx(), loaded.referral, work.now());
  return TellOf<v1::ReferralAnswerOverdue>(work, loaded.c, loaded.referral, [](auto&) {});
}

absl::StatusOr<ledger::Done> ExpireReferral(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                            const base::Uuid& id) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadForSuite(work, case_id, id));
  Referral& referral = loaded.referral;
  const bool over = base::KoreaDay(work.now()) > referral.end_day;
  if (!over || !IsOpen(referral.state)) return Unchanged(loaded);
  RETURN_IF_ERROR(Expire(&referral));
  SaveReferral(work.tx(), referral, work.now());
  EndAnswerTask(work, referral, false);
  return TellOf<v1::ReferralExpired>(work, loaded.c, referral, [&](auto& event) {
    event.set_expired_date(base::FormatDay(referral.end_day + 1));
  });
}

absl::StatusOr<ledger::Done> EndWithoutConsent(ledger::UnitOfWork& work, const base::Uuid& case_id,
                                               const base::Uuid& id) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadForSuite(work, case_id, id));
  if (!loaded.referral.consent_lost || !IsOpen(loaded.referral.state)) return Unchanged(loaded);
  RETURN_IF_ERROR(
      Revoke(&loaded.referral, v1::REFERRAL_REVOKE_REASON_CONSENT_WITHDRAWN, work.now()));
  return RevokeOpen(work, loaded.c, loaded.referral);
}

void GiveReferralsOf(ledger::UnitOfWork& work, const Case& c) {
  GiveReferrals(work.tx(), c.id, c.centre);
  RevokeAll(work, c, v1::REFERRAL_REVOKE_REASON_OWNER_IS_RECIPIENT, true);
}

int EndReferralsOf(ledger::UnitOfWork& work, const Case& c, v1::CaseCloseReason reason) {
  switch (reason) {
    case v1::CASE_CLOSE_REASON_WITHDRAWN:
    case v1::CASE_CLOSE_REASON_MOVED:
    case v1::CASE_CLOSE_REASON_LOST_CONTACT:
    case v1::CASE_CLOSE_REASON_DIED:
      return RevokeAll(work, c, v1::REFERRAL_REVOKE_REASON_CASE_ENDED, false);
    default:
      return 0;
  }
}

absl::Status ForgetReferralsOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (const base::Uuid& id : CasesOfPerson(work.tx(), person)) {
    const auto c = FindCase(work.tx(), Reach::Everything(), id);
    if (!c) continue;
    RevokeAll(work, *c, v1::REFERRAL_REVOKE_REASON_PERSON_ERASED, false);
    ForgetReferralWords(work.tx(), id);
  }
  ForgetReferralContact(work.tx(), person);
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
