#include "services/casemgmt/referrals/referral_due.h"

#include "platform/base/korea_time.h"
#include "services/casemgmt/referrals/referral_commands.h"
#include "services/casemgmt/referrals/referral_store.h"

namespace ieum::casemgmt {
namespace {

using Settle = absl::StatusOr<ledger::Done> (*)(ledger::UnitOfWork&, const base::Uuid&,
                                                const base::Uuid&);

// Each of these happens once to a referral, so its id names it.
std::vector<flow::DueRow> RowsOf(const std::vector<ReferralPlace>& places, const char* label,
                                 Settle settle) {
  std::vector<flow::DueRow> due;
  for (const ReferralPlace& place : places) {
    due.push_back({base::Uuid::Derive(place.id, label), [place, settle](ledger::UnitOfWork& work) {
                     return settle(work, place.case_id, place.id);
                   }});
  }
  return due;
}

}  // namespace

flow::DueWork ReferralAnswers(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger,
      {.name = "referral_answers",
       .command = "TellReferralOverdue",
       .find =
           [](db::Tx& tx, absl::Time now, int limit) {
             return RowsOf(UnansweredReferrals(tx, base::KoreaDay(now), limit), "referral-overdue",
                           TellReferralOverdue);
           },
       .count = [](db::Tx& tx,
                   absl::Time now) { return CountUnansweredReferrals(tx, base::KoreaDay(now)); }});
}

flow::DueWork GrantExpiry(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger, {.name = "referral_expiry",
               .command = "ExpireReferral",
               .find =
                   [](db::Tx& tx, absl::Time now, int limit) {
                     return RowsOf(EndedGrants(tx, base::KoreaDay(now), limit), "referral-expired",
                                   ExpireReferral);
                   },
               .count = [](db::Tx& tx,
                           absl::Time now) { return CountEndedGrants(tx, base::KoreaDay(now)); }});
}

flow::DueWork GrantWithdrawal(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger, {.name = "referral_consents",
               .command = "EndWithoutConsent",
               .find =
                   [](db::Tx& tx, absl::Time, int limit) {
                     return RowsOf(GrantsWithoutConsent(tx, limit), "referral-consent",
                                   EndWithoutConsent);
                   },
               .count = [](db::Tx& tx, absl::Time) { return CountGrantsWithoutConsent(tx); }});
}

}  // namespace ieum::casemgmt
