#include "services/reporting/reactions.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "services/reporting/facts/fact.h"
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

absl::Status KeepFacts(db::Tx& tx, int generation, absl::Span<const flow::ReceivedEvent> events) {
  std::vector<Fact> facts;
  for (const flow::ReceivedEvent& event : events) {
    if (event.message == nullptr) continue;  // a type that is newer than this program
    facts.push_back({event.producer, &event.envelope, FlattenFields(*event.message)});
  }
  if (!facts.empty()) InsertFacts(tx, generation, facts);
  return absl::OkStatus();
}

}  // namespace ieum::reporting
