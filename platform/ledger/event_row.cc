#include "platform/ledger/event_row.h"

#include "google/protobuf/descriptor.h"
#include "ieum/platform/v1/options.pb.h"
#include "platform/base/timestamp.h"

namespace ieum::ledger {
namespace {

// The contract's word for a type that nobody may skip. Types of ours are linked in; any other one
// is optional.
bool IsRequired(const std::string& type) {
  const auto* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  return descriptor != nullptr &&
         descriptor->options().GetExtension(platform::v1::event).required();
}

}  // namespace

platform::v1::LedgerEvent EventOf(const db::Row& row) {
  platform::v1::LedgerEvent event;
  event.set_shard(row[0].as<int>());
  event.set_position(row[1].as<int64_t>());
  event.set_event_id(db::AsText(row[2]));
  event.set_type(db::AsText(row[3]));
  event.set_subject(db::AsText(row[4]));
  event.set_aggregate_id(db::AsText(row[5]));
  event.set_aggregate_version(row[6].as<int64_t>());
  *event.mutable_time() = base::ToTimestamp(db::AsTime(row[7]));
  event.set_actor(db::AsText(row[8]));
  event.set_correlation_id(db::AsText(row[9]));
  event.set_causation_id(db::AsText(row[10]));
  event.set_traceparent(db::AsText(row[11]));
  event.set_payload(db::AsBytes(row[12]));
  event.set_required(IsRequired(event.type()));
  return event;
}

}  // namespace ieum::ledger
