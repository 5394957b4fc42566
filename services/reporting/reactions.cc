#include "services/reporting/reactions.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/listen.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/rebuilds/rebuild_store.h"

namespace ieum::reporting {
namespace {

// Facts of events that never happened go, and a rebuild that may have read them begins anew.
void ForgetVanished(db::Tx& tx, const flow::Rewind& rewind) {
  const int live = HoldLiveGeneration(tx);
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    DeleteFactsBehind(tx, live, rewind.producer, shard, rewind.kept[shard]);
    DeleteFactsBehind(tx, 1 - live, rewind.producer, shard, rewind.kept[shard]);
  }
  ForgetRebuildPositions(tx);
}

}  // namespace

void Listen(flow::Subscriptions& subscriptions) {
  access::Listen<registry::v1::GrantGiven, registry::v1::GrantEnded, registry::v1::SubjectClosed,
                 registry::v1::SubjectReopened>(subscriptions);
  const flow::BatchSink keep = [](db::Tx& tx, absl::Span<const flow::ReceivedEvent> events) {
    return KeepFacts(tx, HoldLiveGeneration(tx), events);
  };
  subscriptions.SinkAll(registry::v1::OrganizationRegistered::descriptor()->file(), keep);
  subscriptions.SinkAll(casemgmt::v1::EngagementOpened::descriptor()->file(), keep);
  subscriptions.SinkAll(notify::v1::MessageHandedOver::descriptor()->file(), keep);
  subscriptions.OnRewind([](db::Tx& tx, const flow::Rewind& rewind) {
    ForgetVanished(tx, rewind);
    return absl::OkStatus();
  });
}

}  // namespace ieum::reporting
