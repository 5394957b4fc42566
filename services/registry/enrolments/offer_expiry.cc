#include "services/registry/enrolments/offer_expiry.h"

#include "absl/strings/str_cat.h"
#include "services/registry/enrolments/enrolment_commands.h"
#include "services/registry/enrolments/enrolment_store.h"

namespace ieum::registry {
namespace {

// An enrolment whose merge was undone has its offer again, which ends once more: the instant of its
// end names it, too.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const EndedOffer& offer : EndedOffers(tx, now, limit)) {
    const std::string end = absl::StrCat("offer-expired/", absl::ToUnixMicros(offer.end));
    due.push_back(
        {base::Uuid::Derive(offer.place.id, end), [place = offer.place](ledger::UnitOfWork& work) {
           return ExpireOffer(work, place.campaign_id, place.id);
         }});
  }
  return due;
}

}  // namespace

flow::DueWork OfferExpiry(ledger::Ledger& ledger) {
  return flow::SettleEach(
      ledger,
      {.name = "offer_expiry", .command = "ExpireOffer", .find = Find, .count = CountEndedOffers});
}

}  // namespace ieum::registry
