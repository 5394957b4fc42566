#include "tools/audit/replay.h"

#include "absl/container/flat_hash_set.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/status.h"
#include "tools/audit/ledger_reader.h"

namespace ieum::audit {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// A contract that nothing names is left out of the program, and its types are not found by name.
void NameContracts() {
  google::protobuf::LinkMessageReflection<registry::v1::EnrolmentConfirmed>();
  google::protobuf::LinkMessageReflection<casemgmt::v1::VisitHeld>();
  google::protobuf::LinkMessageReflection<notify::v1::MessageHandedOver>();
}

std::unique_ptr<Message> Parsed(const platform::v1::LedgerEvent& event) {
  const auto* type = DescriptorPool::generated_pool()->FindMessageTypeByName(event.type());
  if (type == nullptr) return nullptr;
  std::unique_ptr<Message> message(MessageFactory::generated_factory()->GetPrototype(type)->New());
  return message->ParseFromString(event.payload()) ? std::move(message) : nullptr;
}

}  // namespace

absl::Status Replay(const Service& producer, int shard, const Inbox& inbox,
                    absl::FunctionRef<absl::Status(const Replayed&)> each) {
  NameContracts();
  int64_t end = 0;
  for (const Cursor& cursor : inbox.cursors) {
    if (cursor.producer == producer.name && cursor.shard == shard) end = cursor.pos;
  }
  absl::flat_hash_set<int64_t> dead;
  for (const DeadLetter& letter : inbox.dead) {
    if (letter.producer == producer.name && letter.shard == shard) dead.insert(letter.pos);
  }
  ShardReader reader(*producer.database, shard);
  for (int64_t pos = 1; pos <= end; ++pos) {
    if (dead.contains(pos)) continue;
    ASSIGN_OR_RETURN(const platform::v1::LedgerEvent* event, reader.At(pos));
    if (event == nullptr) continue;  // a hole: INV2's breach
    const std::unique_ptr<Message> message = Parsed(*event);
    if (message != nullptr) RETURN_IF_ERROR(each({*event, *message}));
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
