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
#include "platform/erasure/apart_store.h"
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

// The same for data that another law keeps (law:L13): her key lies apart between the two events,
// and whatever is sealed under it opens as little as if she were erased.
//
//   erasure::ListenApart<registry::v1::PersonKeptApart, registry::v1::PersonPutBack>(on);
//
// On a rewind the service calls PutVanishedBack.
template <class KeptApart, class PutBack>
void ListenApart(flow::Subscriptions& subscriptions) {
  subscriptions.Observe<KeptApart>(
      [](db::Tx& tx, const flow::ReceivedEvent& received) -> absl::Status {
        ASSIGN_OR_RETURN(const base::Uuid person,
                         base::ParseUuid(received.As<KeptApart>().person_id(), "person_id"));
        KeepKeyApart(tx, person, received.envelope.shard(), received.envelope.position());
        return absl::OkStatus();
      });
  subscriptions.Observe<PutBack>(
      [](db::Tx& tx, const flow::ReceivedEvent& received) -> absl::Status {
        ASSIGN_OR_RETURN(const base::Uuid person,
                         base::ParseUuid(received.As<PutBack>().person_id(), "person_id"));
        PutKeyBack(tx, person);
        return absl::OkStatus();
      });
}

}  // namespace ieum::erasure
