#include "services/registry/enrolments/offer_expiry.h"

#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "services/registry/enrolments/enrolment_commands.h"
#include "services/registry/enrolments/enrolment_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepOffers = 20;  // a small piece of work, as the loop asks for

// One enrolment is offered a seat once in its life, so its id names the offer.
absl::Status End(ledger::Ledger& ledger, const EnrolmentPlace& place) {
  ledger::Command command;
  command.name = "ExpireOffer";
  command.request_id = base::Uuid::Derive(place.id, "offer-expired");
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  return ledger
      .Run(command,
           [&](ledger::UnitOfWork& work) { return ExpireOffer(work, place.campaign_id, place.id); })
      .status();
}

absl::StatusOr<bool> Step(ledger::Ledger& ledger, absl::Time now) {
  std::vector<EnrolmentPlace> ended;
  RETURN_IF_ERROR(ledger.database().ReadOne("offers_ended", [&](db::Tx& tx) {
    ended = EndedOffers(tx, now, kStepOffers);
    return absl::OkStatus();
  }));
  for (const EnrolmentPlace& place : ended) RETURN_IF_ERROR(End(ledger, place));
  return ended.size() == kStepOffers;
}

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger, absl::Time now) {
  int64_t count = 0;
  RETURN_IF_ERROR(ledger.database().ReadOne("offers_ended_count", [&](db::Tx& tx) {
    count = CountEndedOffers(tx, now);
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork OfferExpiry(ledger::Ledger& ledger) {
  flow::DueWork work;
  work.name = "offer_expiry";
  work.step = [&ledger](absl::Time now) { return Step(ledger, now); };
  work.count_due = [&ledger](absl::Time now) { return Count(ledger, now); };
  return work;
}

}  // namespace ieum::registry
