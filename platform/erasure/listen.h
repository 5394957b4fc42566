// How a service hears that a person was erased elsewhere and does the same, in one transaction with
// its position: her key goes, or none can be made any more. The event's type is that of the service
// that keeps the person:
//
//   erasure::Listen<registry::v1::PersonErased>(app.subscriptions());
//
// What a service holds of her that is not sealed under her key, its own reaction to the same event
// takes away, in the same transaction.
#pragma once

#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/erasure/erasure_store.h"
#include "platform/flow/subscriptions.h"

namespace ieum::erasure {

template <class Erased>
absl::StatusOr<Erasure> ErasureOf(const Erased& event) {
  Erasure erasure;
  ASSIGN_OR_RETURN(erasure.person_id, base::ParseUuid(event.person_id(), "person_id"));
  ASSIGN_OR_RETURN(erasure.erasure_id, base::ParseUuid(event.erasure_id(), "erasure_id"));
  erasure.erased_at = base::InstantOf(event.erase_time());
  return erasure;
}

// What was destroyed stays so, also when the event vanishes with a restored ledger.
template <class Erased>
void Listen(flow::Subscriptions& subscriptions) {
  subscriptions.Observe<Erased>(
      [](db::Tx& tx, const flow::ReceivedEvent& received) -> absl::Status {
        ASSIGN_OR_RETURN(const Erasure erasure, ErasureOf(received.As<Erased>()));
        NoteDestroyed(tx, erasure, DestroyKey(tx, erasure), false);
        return absl::OkStatus();
      });
}

}  // namespace ieum::erasure
