#include "services/registry/timelines/timeline_commands.h"

#include "platform/base/status.h"
#include "services/registry/timelines/timeline_store.h"

namespace ieum::registry {

absl::Status KeepTimelineEntries(db::Tx& tx, absl::Span<const flow::ReceivedEvent> events) {
  std::vector<ToldEntry> entries;
  for (const flow::ReceivedEvent& event : events) {
    ASSIGN_OR_RETURN(ToldEntry entry, ToldOf(*event.message));
    ASSIGN_OR_RETURN(entry.event_id, base::ParseUuid(event.envelope.event_id(), "event_id"));
    entry.producer = event.producer;
    entry.shard = event.envelope.shard();
    entry.pos = event.envelope.position();
    entry.at = event.time();
    entries.push_back(std::move(entry));
  }
  KeepTold(tx, entries);
  return absl::OkStatus();
}

void ForgetTimelineEntries(db::Tx& tx, const flow::Rewind& rewind) {
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    ForgetTold(tx, rewind.producer, shard, rewind.kept[shard]);
  }
}

}  // namespace ieum::registry
