#include "services/reporting/reactions.h"

#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/access/listen.h"
#include "platform/erasure/listen.h"
#include "services/reporting/facts/fact_commands.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/rebuilds/rebuild_store.h"
#include "services/reporting/targets/target_commands.h"

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

// Every event of its file but the one that a target follows from.
std::vector<const google::protobuf::Descriptor*> TypesThatAreOnlyKept(
    const google::protobuf::Descriptor* decided) {
  std::vector<const google::protobuf::Descriptor*> types;
  const auto* file = decided->file();
  for (int at = 0; at < file->message_type_count(); ++at) {
    const auto* type = file->message_type(at);
    if (type != decided && type->options().HasExtension(platform::v1::event)) types.push_back(type);
  }
  return types;
}

}  // namespace

void Listen(flow::Subscriptions& subscriptions) {
  access::Listen<registry::v1::GrantGiven, registry::v1::GrantEnded, registry::v1::SubjectClosed,
                 registry::v1::SubjectReopened>(subscriptions);
  access::ListenToCentres<registry::v1::CentrePlaced>(subscriptions);
  erasure::Listen<registry::v1::PersonErased>(subscriptions);
  const flow::BatchSink keep = [](db::Tx& tx, absl::Span<const flow::ReceivedEvent> events) {
    return KeepFacts(tx, HoldLiveGeneration(tx), events);
  };
  subscriptions.AddSink(TypesThatAreOnlyKept(registry::v1::PlanApproved::descriptor()), keep);
  subscriptions.React<registry::v1::PlanApproved>(
      [](ledger::UnitOfWork& work, const registry::v1::PlanApproved& plan,
         const flow::ReceivedEvent& received) -> absl::Status {
        RETURN_IF_ERROR(TakeApprovedPlan(work, plan, received.time()));
        return KeepFacts(work.tx(), HoldLiveGeneration(work.tx()), {&received, 1});
      });
  subscriptions.SinkAll(casemgmt::v1::EngagementOpened::descriptor()->file(), keep);
  subscriptions.SinkAll(notify::v1::MessageHandedOver::descriptor()->file(), keep);
  subscriptions.OnRewind([](db::Tx& tx, const flow::Rewind& rewind) {
    ForgetVanished(tx, rewind);
    return absl::OkStatus();
  });
}

}  // namespace ieum::reporting
