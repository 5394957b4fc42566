#include "services/casemgmt/referrals/referral.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

absl::Status NotIn(const Referral& referral, const char* allowed) {
  const std::string state = v1::ReferralState_Name(referral.state);
  return base::Forbidden(
      v1::ERROR_REASON_REFERRAL_STATE,
      absl::StrCat("the referral is in ", state, "; this step needs ", allowed),
      {{"referral", ReferralName(referral.case_id, referral.id)}, {"state", state}});
}

absl::Status RequireOpen(const Referral& referral) {
  return IsOpen(referral.state) ? absl::OkStatus() : NotIn(referral, "SENT or ACCEPTED");
}

void End(Referral* referral, v1::ReferralState state, absl::Time at) {
  referral->state = state;
  referral->ended_at = at;
}

absl::Status CheckEnd(const Referral& referral) {
  if (referral.end_day < referral.sent_day) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "end_date",
                              "is over; give today or a later day");
  }
  if (referral.end_day > referral.sent_day + kGrantDaysMax) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "end_date",
                              "lies more than a year ahead; share for as long as it takes");
  }
  return absl::OkStatus();
}

}  // namespace

std::string ReferralName(const base::Uuid& case_id, const base::Uuid& id) {
  return absl::StrCat("cases/", case_id.ToString(), "/referrals/", id.ToString());
}

bool IsOpen(v1::ReferralState state) {
  return state == v1::REFERRAL_STATE_SENT || state == v1::REFERRAL_STATE_ACCEPTED;
}

absl::Status CheckRecipient(const std::optional<OrganizationReference>& organization,
                            const std::optional<base::Uuid>& own_centre, absl::CivilDay on,
                            std::string_view field) {
  RETURN_IF_ERROR(CheckActive(organization, on));
  if (organization->kind == registry::v1::ORGANIZATION_KIND_FIRM) {
    return base::InvalidField("INVALID_FIELD", field,
                              "must be no firm: an employer does not learn who is a client");
  }
  if (own_centre && *own_centre == organization->id) {
    return base::InvalidField("INVALID_FIELD", field,
                              "must be another body than the case's own centre");
  }
  return absl::OkStatus();
}

absl::Status CheckSharing(const Referral& referral, bool outside_body) {
  base::FieldErrors errors;
  if (referral.recipient.has_value() == outside_body) {
    errors.Add("INVALID_FIELD", "recipient",
               "must be given, or else outside_body for a body that registry does not know");
  }
  if (outside_body && !referral.parts.empty()) {
    errors.Add("INVALID_FIELD", "parts",
               "must be empty for a body that registry does not know: nobody can ask for her "
               "consent to it");
  }
  if (!referral.parts.empty() && referral.items.empty()) {
    errors.Add("INVALID_FIELD", "items",
               "must name what of her data is provided, in the words of her consent");
  }
  errors.Add(CheckEnd(referral));
  return errors.ToStatus();
}

absl::StatusOr<absl::CivilDay> AnswerDue(absl::CivilDay sent,
                                         const base::BusinessCalendar& calendar) {
  const auto due = calendar.Plus(sent, kAnswerBusinessDays);
  if (due) return *due;
  return base::Forbidden(v1::ERROR_REASON_DATE_INVALID,
                         "the holidays of that year are not known yet; let them be entered in "
                         "registry's reference data first");
}

absl::Status Accept(Referral* referral, v1::ReferralAnswerWay way, absl::CivilDay day,
                    absl::CivilDay today) {
  if (referral->state != v1::REFERRAL_STATE_SENT) return NotIn(*referral, "SENT");
  if (today > referral->end_day || referral->consent_lost) {
    return NotIn(*referral, "a grant that is not over");
  }
  referral->state = v1::REFERRAL_STATE_ACCEPTED;
  referral->answer_day = day;
  referral->answer_way = way;
  return absl::OkStatus();
}

absl::Status Reject(Referral* referral, v1::ReferralAnswerWay way, v1::ReferralRejectReason reason,
                    absl::CivilDay day, absl::Time now) {
  if (referral->state != v1::REFERRAL_STATE_SENT) return NotIn(*referral, "SENT");
  End(referral, v1::REFERRAL_STATE_REJECTED, now);
  referral->answer_day = day;
  referral->answer_way = way;
  referral->reject_reason = reason;
  return absl::OkStatus();
}

absl::Status Complete(Referral* referral, v1::ReferralAnswerWay way, v1::ReferralOutcome outcome,
                      absl::CivilDay day, absl::Time now, bool* accepted_now) {
  *accepted_now = false;
  if (way == v1::REFERRAL_ANSWER_WAY_RECIPIENT && referral->state != v1::REFERRAL_STATE_ACCEPTED) {
    return NotIn(*referral, "ACCEPTED");
  }
  RETURN_IF_ERROR(RequireOpen(*referral));
  if (referral->state == v1::REFERRAL_STATE_SENT) {
    *accepted_now = true;
    referral->answer_day = day;
    referral->answer_way = way;
  }
  End(referral, v1::REFERRAL_STATE_DONE, now);
  referral->outcome = outcome;
  referral->result_day = day;
  referral->result_way = way;
  return absl::OkStatus();
}

absl::Status Revoke(Referral* referral, v1::ReferralRevokeReason reason, absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*referral));
  End(referral, v1::REFERRAL_STATE_REVOKED, now);
  referral->revoke_reason = reason;
  return absl::OkStatus();
}

absl::Status Expire(Referral* referral) {
  RETURN_IF_ERROR(RequireOpen(*referral));
  // Its time was over then, whenever that is written down.
  End(referral, v1::REFERRAL_STATE_EXPIRED, base::KoreaInstant(referral->end_day + 1, 0));
  return absl::OkStatus();
}

bool TellOverdue(Referral* referral, absl::CivilDay today) {
  if (referral->state != v1::REFERRAL_STATE_SENT || referral->overdue_told) return false;
  if (today <= referral->answer_due) return false;
  referral->overdue_told = true;
  return true;
}

absl::Status CheckShared(const Referral& referral, absl::Time now) {
  const bool over = base::KoreaDay(now) > referral.end_day || referral.consent_lost;
  if (referral.state == v1::REFERRAL_STATE_ACCEPTED && !over) return absl::OkStatus();
  const bool before = referral.state == v1::REFERRAL_STATE_SENT && !over;
  return base::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_REFERRAL_SHARING_ENDED,
                     before ? "what is shared can be read from the acceptance on; accept first"
                            : "what was shared is shared no more; ask the sender for another "
                              "referral",
                     {{"referral", ReferralName(referral.case_id, referral.id)}});
}

bool Shares(const Referral& referral, v1::SharedPart part) {
  return std::find(referral.parts.begin(), referral.parts.end(), part) != referral.parts.end();
}

absl::Status ReferredAlready(const Referral& referral, const base::Uuid& open) {
  return base::AlreadyExists(
      v1::ERROR_REASON_REFERRAL_OPEN_ALREADY,
      "this recipient is asked for the same service already; revoke that referral first",
      {{"referral", ReferralName(referral.case_id, open)}});
}

v1::ReferralFacts ReferralFactsOf(const Referral& referral) {
  v1::ReferralFacts facts;
  facts.set_referral_id(referral.id.ToString());
  facts.set_recipient_id(base::CentreText(referral.recipient));
  facts.set_service(referral.service);
  facts.set_state(referral.state);
  facts.set_sent_date(base::FormatDay(referral.sent_day));
  facts.set_answer_due_date(base::FormatDay(referral.answer_due));
  facts.set_end_date(base::FormatDay(referral.end_day));
  facts.set_recipient_contact_person_id(base::CentreText(referral.contact));
  return facts;
}

}  // namespace ieum::casemgmt
