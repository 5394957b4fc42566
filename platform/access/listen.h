// How a service hears of grants that were given and ended elsewhere. The events' types are those of
// the service that keeps them:
//
//   access::Listen<registry::v1::GrantGiven, registry::v1::GrantEnded, registry::v1::SubjectClosed,
//                  registry::v1::SubjectReopened>(app.subscriptions());
//   access::ListenToCentres<registry::v1::CentrePlaced>(app.subscriptions());
#pragma once

#include "platform/access/book_store.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "platform/flow/subscriptions.h"
#include "platform/rpc/identity.h"

namespace ieum::access {

template <class Given>
absl::StatusOr<HeldGrant> HeldGrantOf(const Given& event) {
  HeldGrant grant;
  ASSIGN_OR_RETURN(grant.id, base::ParseUuid(event.grant_id(), "grant_id"));
  ASSIGN_OR_RETURN(grant.subject_id, base::ParseUuid(event.subject_id(), "subject_id"));
  grant.role = event.role();
  grant.centre = rpc::kEverywhere;
  if (!event.centre_id().empty()) {
    ASSIGN_OR_RETURN(const base::Uuid centre, base::ParseUuid(event.centre_id(), "centre_id"));
    grant.centre = centre.ToString();
  }
  if (event.has_expire_time()) grant.expires_at = base::InstantOf(event.expire_time());
  return grant;
}

template <class Given, class Ended, class Closed, class Reopened>
void Listen(flow::Subscriptions& subscriptions) {
  using flow::ReceivedEvent;
  subscriptions.Observe<Given>([](db::Tx& tx, const ReceivedEvent& received) -> absl::Status {
    ASSIGN_OR_RETURN(const HeldGrant grant, HeldGrantOf(received.As<Given>()));
    PutGrant(tx, grant, received.envelope.position());
    return absl::OkStatus();
  });
  subscriptions.Observe<Ended>([](db::Tx& tx, const ReceivedEvent& received) -> absl::Status {
    ASSIGN_OR_RETURN(const base::Uuid grant,
                     base::ParseUuid(received.As<Ended>().grant_id(), "grant_id"));
    RemoveGrant(tx, grant);
    return absl::OkStatus();
  });
  subscriptions.Observe<Closed>([](db::Tx& tx, const ReceivedEvent& received) {
    SetClosed(tx, received.aggregate_id(), true);
    return absl::OkStatus();
  });
  subscriptions.Observe<Reopened>([](db::Tx& tx, const ReceivedEvent& received) {
    SetClosed(tx, received.aggregate_id(), false);
    return absl::OkStatus();
  });
  // A grant whose event is gone was never given. What ended or closed stays so: somebody has to
  // give it again who knows what was lost.
  subscriptions.OnRewind([](db::Tx& tx, const flow::Rewind& rewind) {
    if (rewind.producer == flow::ProducerOf(Given::descriptor()->full_name())) {
      RemoveGrantsBehind(tx, rewind.kept);
    }
    return absl::OkStatus();
  });
}

// Which centre is below which.
template <class Placed>
void ListenToCentres(flow::Subscriptions& subscriptions) {
  using flow::ReceivedEvent;
  subscriptions.Observe<Placed>([](db::Tx& tx, const ReceivedEvent& received) -> absl::Status {
    const Placed event = received.As<Placed>();
    std::optional<base::Uuid> parent;
    if (!event.parent_id().empty()) {
      ASSIGN_OR_RETURN(parent, base::ParseUuid(event.parent_id(), "parent_id"));
    }
    PutCentre(tx, received.aggregate_id(), parent, received.envelope.position());
    return absl::OkStatus();
  });
  // What was told and is gone never happened: a centre stands where it stood before.
  subscriptions.OnRewind([](db::Tx& tx, const flow::Rewind& rewind) {
    if (rewind.producer == flow::ProducerOf(Placed::descriptor()->full_name())) {
      ForgetCentresBehind(tx, rewind.kept);
    }
    return absl::OkStatus();
  });
}

}  // namespace ieum::access
