#include "services/registry/enrolments/offer_expiry.h"

#include "services/registry/enrolments/enrolment_commands.h"
#include "services/registry/enrolments/enrolment_store.h"

namespace ieum::registry {
namespace {

// One enrolment is offered a seat once in its life, so its id names the offer.
std::vector<flow::DueRow> Find(db::Tx& tx, absl::Time now, int limit) {
  std::vector<flow::DueRow> due;
  for (const EnrolmentPlace& place : EndedOffers(tx, now, limit)) {
    due.push_back(
        {base::Uuid::Derive(place.id, "offer-expired"), [place](ledger::UnitOfWork& work) {
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
