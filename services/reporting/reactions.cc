#include "services/reporting/reactions.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/facts/fact_store.h"

namespace ieum::reporting {

void Listen(flow::Subscriptions& subscriptions) {
  const flow::BatchSink keep = [](db::Tx& tx, absl::Span<const flow::ReceivedEvent> events) {
    return KeepFacts(tx, HoldLiveGeneration(tx), events);
  };
  subscriptions.SinkAll(registry::v1::OrganizationRegistered::descriptor()->file(), keep);
  subscriptions.SinkAll(casemgmt::v1::EngagementOpened::descriptor()->file(), keep);
  subscriptions.SinkAll(notify::v1::MessageHandedOver::descriptor()->file(), keep);
}

}  // namespace ieum::reporting
