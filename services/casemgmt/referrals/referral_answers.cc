// What the recipient answers, by whichever way it comes back.
#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/days.h"
#include "services/casemgmt/references/reference_store.h"
#include "services/casemgmt/referrals/loaded_referral.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/referrals/referral_events.h"
#include "services/casemgmt/referrals/referral_store.h"
#include "services/casemgmt/sealed_words.h"

namespace ieum::casemgmt {
namespace {

absl::StatusOr<SealedWords> WordsOf(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                    const Case& c, const std::string& text) {
  return SealedWords::ToWrite(work.tx(), keys, c.person, !text.empty());
}

// Who works here answers himself: what others say of a centre opens nothing to it and counts
// nothing.
absl::Status RequireOutside(ledger::UnitOfWork& work, const LoadedReferral& loaded) {
  if (!loaded.referral.recipient) return absl::OkStatus();
  const auto recipient = FindOrganization(work.tx(), *loaded.referral.recipient);
  const bool centre = recipient && recipient->kind == registry::v1::ORGANIZATION_KIND_CENTRE;
  return centre ? OtherSideOnly("the centre that was asked",
                                ReferralName(loaded.c.id, loaded.referral.id))
                : absl::OkStatus();
}

void EndAnswerTask(ledger::UnitOfWork& work, const Referral& referral) {
  EndTask(work, TaskId(referral.case_id, AnswerTaskOf(referral.id)), v1::CASE_TASK_STATE_DONE);
}

ledger::Done TellAccepted(ledger::UnitOfWork& work, const Case& c, const Referral& referral) {
  return TellOf<v1::ReferralAccepted>(work, c, referral, [&](auto& event) {
    event.set_accepted_date(DayText(referral.answer_day));
    event.set_way(referral.answer_way);
  });
}

absl::StatusOr<ledger::Done> TakeOn(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                    LoadedReferral& loaded, v1::ReferralAnswerWay way,
                                    absl::CivilDay day, const std::string& text) {
  Referral& referral = loaded.referral;
  RETURN_IF_ERROR(Accept(&referral, way, day, base::KoreaDay(work.now())));
  ASSIGN_OR_RETURN(const SealedWords words, WordsOf(work, keys, loaded.c, text));
  SaveReferral(work.tx(), referral, work.now());
  SaveAnswerBox(work.tx(), referral.id, words.Box("referral_answer", text));
  EndAnswerTask(work, referral);
  return TellAccepted(work, loaded.c, referral);
}

absl::StatusOr<ledger::Done> SendBack(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                      LoadedReferral& loaded, v1::ReferralAnswerWay way,
                                      const ReferralAnswer& answer, absl::CivilDay day) {
  Referral& referral = loaded.referral;
  RETURN_IF_ERROR(Reject(&referral, way, answer.reason, day, work.now()));
  ASSIGN_OR_RETURN(const SealedWords words, WordsOf(work, keys, loaded.c, answer.text));
  SaveReferral(work.tx(), referral, work.now());
  SaveAnswerBox(work.tx(), referral.id, words.Box("referral_answer", answer.text));
  EndAnswerTask(work, referral);
  return TellOf<v1::ReferralRejected>(work, loaded.c, referral, [&](auto& event) {
    event.set_rejected_date(base::FormatDay(day));
    event.set_reason(answer.reason);
    event.set_way(way);
  });
}

absl::StatusOr<ledger::Done> Finish(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                    LoadedReferral& loaded, v1::ReferralAnswerWay way,
                                    const ReferralResult& result) {
  Referral& referral = loaded.referral;
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(result.day, work.now(), referral.answer_day.value_or(referral.sent_day),
                           "result_date"));
  bool accepted_now = false;
  RETURN_IF_ERROR(Complete(&referral, way, result.outcome, day, work.now(), &accepted_now));
  ASSIGN_OR_RETURN(const SealedWords words, WordsOf(work, keys, loaded.c, result.text));
  SaveReferral(work.tx(), referral, work.now());
  SaveResultBox(work.tx(), referral.id, words.Box("referral_result", result.text));
  EndAnswerTask(work, referral);
  if (accepted_now) {
    Referral accepted = referral;
    accepted.state = v1::REFERRAL_STATE_ACCEPTED;
    TellAccepted(work, loaded.c, accepted);
  }
  return TellOf<v1::ReferralCompleted>(work, loaded.c, referral, [&](auto& event) {
    event.set_completed_date(base::FormatDay(day));
    event.set_outcome(result.outcome);
    event.set_way(way);
  });
}

}  // namespace

absl::StatusOr<ledger::Done> AcceptReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const ReferralInput& input, const std::string& text) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsRecipient(work, input));
  return TakeOn(work, keys, loaded, v1::REFERRAL_ANSWER_WAY_RECIPIENT, base::KoreaDay(work.now()),
                text);
}

absl::StatusOr<ledger::Done> RejectReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const ReferralInput& input,
                                            v1::ReferralRejectReason reason,
                                            const std::string& text) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsRecipient(work, input));
  return SendBack(work, keys, loaded, v1::REFERRAL_ANSWER_WAY_RECIPIENT,
                  {.reason = reason, .text = text}, base::KoreaDay(work.now()));
}

absl::StatusOr<ledger::Done> CompleteReferral(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const ReferralInput& input,
                                              const ReferralResult& result) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsRecipient(work, input));
  return Finish(work, keys, loaded, v1::REFERRAL_ANSWER_WAY_RECIPIENT, result);
}

absl::StatusOr<ledger::Done> RecordReferralAnswer(ledger::UnitOfWork& work,
                                                  const db::PersonKeys& keys,
                                                  const ReferralInput& input,
                                                  const ReferralAnswer& answer) {
  const bool reason_given = answer.reason != v1::REFERRAL_REJECT_REASON_UNSPECIFIED;
  if (reason_given == answer.accepted) {
    return base::InvalidField(
        "INVALID_FIELD", "reject_reason",
        answer.accepted ? "must be empty: they take it on" : "must say why they do not take it on");
  }
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsSender(work, input));
  RETURN_IF_ERROR(RequireOutside(work, loaded));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   StepDay(answer.day, work.now(), loaded.referral.sent_day, "answer_date"));
  constexpr auto kWay = v1::REFERRAL_ANSWER_WAY_RECORDED;
  return answer.accepted ? TakeOn(work, keys, loaded, kWay, day, answer.text)
                         : SendBack(work, keys, loaded, kWay, answer, day);
}

absl::StatusOr<ledger::Done> RecordReferralResult(ledger::UnitOfWork& work,
                                                  const db::PersonKeys& keys,
                                                  const ReferralInput& input,
                                                  const ReferralResult& result) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsSender(work, input));
  RETURN_IF_ERROR(RequireOutside(work, loaded));
  return Finish(work, keys, loaded, v1::REFERRAL_ANSWER_WAY_RECORDED, result);
}

absl::StatusOr<ledger::Done> MakeReferralLink(ledger::UnitOfWork& work, const ReferralInput& input,
                                              const LinkToken& token, int days) {
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadAsSender(work, input));
  RETURN_IF_ERROR(RequireOutside(work, loaded));
  Referral& referral = loaded.referral;
  if (!IsOpen(referral.state)) {
    return base::Forbidden(
        v1::ERROR_REASON_REFERRAL_STATE,
        absl::StrCat("the referral is in ", v1::ReferralState_Name(referral.state),
                     "; a link is made for one that is open"));
  }
  const absl::CivilDay last = base::KoreaDay(work.now()) + (days == 0 ? kLinkDays : days);
  SaveReferral(work.tx(), referral, work.now());
  PutLink(work.tx(), {.link = token.link,
                      .referral = referral.id,
                      .secret_hash = SecretHash(token),
                      .expires_at = base::KoreaInstant(last + 1, 0)});
  return ledger::Done{loaded.c.id, ReferralName(loaded.c.id, referral.id)};
}

absl::StatusOr<ledger::Done> TakeResultByLink(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                              const LinkToken& token,
                                              const ReferralResult& result) {
  const auto known = FindLink(work.tx(), token.link);
  if (!known) return LinkInvalid();
  ASSIGN_OR_RETURN(LoadedReferral loaded, LoadForSuite(work, known->case_id, known->link.referral));
  // Another link may have taken its place, or a result have come, before the case was locked.
  const auto place = FindLink(work.tx(), token.link);
  RETURN_IF_ERROR(CheckLink(token, place ? std::optional(place->link) : std::nullopt, work.now()));
  if (!IsOpen(loaded.referral.state)) return LinkInvalid();
  ASSIGN_OR_RETURN(const ledger::Done done,
                   Finish(work, keys, loaded, v1::REFERRAL_ANSWER_WAY_LINK, result));
  UseLink(work.tx(), loaded.referral.id, work.now());
  return done;
}

absl::StatusOr<ledger::Done> CountWrongSecret(ledger::UnitOfWork& work, const LinkToken& token) {
  const auto known = FindLink(work.tx(), token.link);
  if (!known) return LinkInvalid();
  work.Lock({known->case_id});
  const auto place = FindLink(work.tx(), token.link);
  if (!place || IsSecretOf(token, place->link)) return LinkInvalid();
  CountWrongTry(work.tx(), token.link);
  return ledger::Done{known->case_id, ReferralName(known->case_id, place->link.referral)};
}

}  // namespace ieum::casemgmt
