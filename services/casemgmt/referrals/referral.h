// A referral (의뢰): what another body is asked to do for a person, and the grant by which it reads
// parts of her case meanwhile. Sources: domain.md §1.A INC-10, §2 (confidentiality), §6 L02. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/casemgmt/v1/referral_types.pb.h"
#include "platform/base/business_days.h"
#include "platform/base/uuid.h"
#include "services/casemgmt/references/reference.h"

namespace ieum::casemgmt {

// The recipient answers within so many business days; the day of sending does not count.
inline constexpr int kAnswerBusinessDays = 3;
// Days of a grant whose end nobody chose, and the most that can be chosen.
inline constexpr int kGrantDays = 90, kGrantDaysMax = 366;

struct Referral {
  base::Uuid id, case_id;
  v1::ReferralState state = v1::REFERRAL_STATE_SENT;
  v1::ReferralServiceKind service = v1::REFERRAL_SERVICE_KIND_UNSPECIFIED;
  std::optional<base::Uuid> recipient;  // nullopt = a body that registry does not know
  std::optional<base::Uuid> contact;    // person of the recipient, to write to
  std::vector<v1::SharedPart> parts;    // ascending
  std::vector<std::string> items;       // what is provided, in the words of the consent
  absl::CivilDay sent_day, answer_due, end_day;
  bool overdue_told = false;
  std::optional<absl::CivilDay> answer_day;
  v1::ReferralAnswerWay answer_way = v1::REFERRAL_ANSWER_WAY_UNSPECIFIED;
  v1::ReferralRejectReason reject_reason = v1::REFERRAL_REJECT_REASON_UNSPECIFIED;
  v1::ReferralOutcome outcome = v1::REFERRAL_OUTCOME_UNSPECIFIED;
  std::optional<absl::CivilDay> result_day;
  v1::ReferralAnswerWay result_way = v1::REFERRAL_ANSWER_WAY_UNSPECIFIED;
  v1::ReferralRevokeReason revoke_reason = v1::REFERRAL_REVOKE_REASON_UNSPECIFIED;
  std::optional<absl::Time> ended_at;  // from then on nothing is shared
  std::optional<base::Uuid> receipt;   // registry's; nullopt = nothing is shared
  bool consent_lost = false;           // heard: her consent no longer covers it
  int64_t revision = 1;
  absl::Time create_time;
};

// "cases/{uuid}/referrals/{uuid}"
std::string ReferralName(const base::Uuid& case_id, const base::Uuid& id);

bool IsOpen(v1::ReferralState state);  // SENT, ACCEPTED

// A body that may be asked: heard of, in business, no firm - an employer never learns who is a
// client - and not the case's own centre. ORGANIZATION_UNKNOWN, ORGANIZATION_INACTIVE,
// INVALID_FIELD blaming `field`.
absl::Status CheckRecipient(const std::optional<OrganizationReference>& organization,
                            const std::optional<base::Uuid>& own_centre, absl::CivilDay on,
                            std::string_view field);
// One of recipient and body, items with parts, nothing shared with a body that registry does not
// know, and an end that is not over. INVALID_FIELD, DATE_INVALID; all of them at once.
absl::Status CheckSharing(const Referral& referral, bool outside_body);
// The third business day; DATE_INVALID (FAILED_PRECONDITION) when the holidays of that year are not
// known.
absl::StatusOr<absl::CivilDay> AnswerDue(absl::CivilDay sent,
                                         const base::BusinessCalendar& calendar);

// The steps; a refusal changes nothing. REFERRAL_STATE.
absl::Status Accept(Referral* referral, v1::ReferralAnswerWay way, absl::CivilDay day,
                    absl::CivilDay today);
absl::Status Reject(Referral* referral, v1::ReferralAnswerWay way, v1::ReferralRejectReason reason,
                    absl::CivilDay day, absl::Time now);
// By the recipient from ACCEPTED alone. Otherwise from SENT, too: who hands in a result had taken
// it on, and `*accepted_now` says so.
absl::Status Complete(Referral* referral, v1::ReferralAnswerWay way, v1::ReferralOutcome outcome,
                      absl::CivilDay day, absl::Time now, bool* accepted_now);
absl::Status Revoke(Referral* referral, v1::ReferralRevokeReason reason, absl::Time now);
absl::Status Expire(Referral* referral);
// True once, when the last day for the answer lies before `today` and there is none.
bool TellOverdue(Referral* referral, absl::CivilDay today);

// Whether the recipient reads what is shared at that instant: from its acceptance to the last day
// of the grant, in Korea. REFERRAL_SHARING_ENDED.
absl::Status CheckShared(const Referral& referral, absl::Time now);
bool Shares(const Referral& referral, v1::SharedPart part);

// REFERRAL_OPEN_ALREADY.
absl::Status ReferredAlready(const Referral& referral, const base::Uuid& open);

v1::ReferralFacts ReferralFactsOf(const Referral& referral);

}  // namespace ieum::casemgmt
