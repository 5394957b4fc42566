// The rows of referrals and of their links. Words come sealed and go sealed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/cases/case_reach.h"
#include "services/casemgmt/referrals/referral.h"
#include "services/casemgmt/referrals/referral_link.h"

namespace ieum::casemgmt {

// Sealed words of a row; "" = none.
struct ReferralBoxes {
  std::string outside_body, request, answer, result;
};
// A referral, and of its case what decides who sees it.
struct ReferralView {
  Referral referral;
  ReferralBoxes boxes;
  std::optional<base::Uuid> centre, manager_subject;
  std::optional<base::Uuid> person;           // under whose key the words are; nullopt = erased
  std::optional<absl::Time> link_expires_at;  // of a link that is out
};

// On which side of a referral or transfer somebody stands. Who stands on both is the sender.
enum class Side { kNone, kSender, kRecipient };
Side SideOf(const ReferralView& view, const Reach& reach, const base::Scope& scope);

// Wherever it belongs: the caller asks for the side.
std::optional<ReferralView> FindReferral(db::Tx& tx, const base::Uuid& case_id,
                                         const base::Uuid& id);
// Whose last day for the answer is over without anybody being told, whose grant is over, and whose
// consent is gone; the oldest first.
struct ReferralPlace {
  base::Uuid case_id, id;
};
std::vector<ReferralPlace> UnansweredReferrals(db::Tx& tx, absl::CivilDay today, int limit);
int64_t CountUnansweredReferrals(db::Tx& tx, absl::CivilDay today);
std::vector<ReferralPlace> EndedGrants(db::Tx& tx, absl::CivilDay today, int limit);
int64_t CountEndedGrants(db::Tx& tx, absl::CivilDay today);
std::vector<ReferralPlace> GrantsWithoutConsent(db::Tx& tx, int limit);
int64_t CountGrantsWithoutConsent(db::Tx& tx);
// SENT and ACCEPTED, in order of their ids.
std::vector<base::Uuid> OpenReferralsOf(db::Tx& tx, const base::Uuid& case_id);
std::optional<base::Uuid> FindOpenReferral(db::Tx& tx, const Referral& like);

// `centre`: the case's. False when the recipient has an open one of the same service.
bool InsertReferral(db::Tx& tx, const Referral& referral, const std::optional<base::Uuid>& centre,
                    const db::Param& outside_box, const db::Param& request_box);
// They are in the lists of whoever leads the case now.
void GiveReferrals(db::Tx& tx, const base::Uuid& case_id, const std::optional<base::Uuid>& centre);
// What steps change; the revision grows by one.
void SaveReferral(db::Tx& tx, Referral& referral, absl::Time now);
void SaveAnswerBox(db::Tx& tx, const base::Uuid& id, const db::Param& box);
void SaveResultBox(db::Tx& tx, const base::Uuid& id, const db::Param& box);
// The boxes of all referrals of a case, whose key is gone.
void ForgetReferralWords(db::Tx& tx, const base::Uuid& case_id);
// Whom a recipient named to be written to.
void ForgetReferralContact(db::Tx& tx, const base::Uuid& person);

// Links.
void PutLink(db::Tx& tx, const ReferralLink& link);
struct LinkPlace {
  ReferralLink link;
  base::Uuid case_id;
};
std::optional<LinkPlace> FindLink(db::Tx& tx, const base::Uuid& link);
void CountWrongTry(db::Tx& tx, const base::Uuid& link);
void UseLink(db::Tx& tx, const base::Uuid& referral, absl::Time now);

// Of every case that the caller sees, and what was sent to the centres of `scope`. Without words.
const filter::ListSpec& ReferralList();
void WhereEitherSide(filter::ListQuery& query, const Reach& reach, const base::Scope& scope);
filter::Cursor ListReferrals(db::Tx& tx, const filter::ListQuery& query,
                             std::vector<ReferralView>* views);

}  // namespace ieum::casemgmt
