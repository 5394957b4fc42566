#include "tests/flows/ledgers.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "google/protobuf/descriptor.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/registry/v1/events.pb.h"

namespace ieum::testing {
namespace {

using platform::v1::LedgerEvent;
using platform::v1::ReadLogRequest;
using platform::v1::ReadLogResponse;

// A contract that nothing names is left out of the program, and its types are not found by name.
void NameContracts() {
  google::protobuf::LinkMessageReflection<registry::v1::EnrolmentConfirmed>();
  google::protobuf::LinkMessageReflection<casemgmt::v1::VisitHeld>();
  google::protobuf::LinkMessageReflection<notify::v1::MessageHandedOver>();
}

flow::ReceivedEvent Received(const std::string& producer, int64_t epoch, const LedgerEvent& event) {
  flow::ReceivedEvent received{.producer = producer, .epoch = epoch, .envelope = event};
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(event.type());
  if (type == nullptr) {
    ADD_FAILURE() << "an event of a type that no contract has: " << event.type();
    return received;
  }
  std::shared_ptr<google::protobuf::Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  EXPECT_TRUE(message->ParseFromString(event.payload())) << event.event_id();
  received.message = std::move(message);
  return received;
}

void ReadShard(play::Services& services, const std::string& producer, int shard,
               std::vector<flow::ReceivedEvent>& all) {
  ReadLogRequest request;
  request.set_shard(shard);
  request.set_from_position(1);
  ReadLogResponse run;
  do {
    const absl::Status read =
        services.Call(producer, "/ieum.platform.v1.OpsService/ReadLog", request, &run);
    ASSERT_TRUE(read.ok()) << read;
    for (const LedgerEvent& event : run.events()) {
      EXPECT_EQ(event.position(), request.from_position()) << "a hole in shard " << shard;
      request.set_from_position(event.position() + 1);
      all.push_back(Received(producer, run.epoch(), event));
    }
  } while (!run.events().empty());
}

}  // namespace

std::vector<flow::ReceivedEvent> ReadLedgers(play::Services& services,
                                             const std::vector<std::string>& producers) {
  NameContracts();
  std::vector<flow::ReceivedEvent> all;
  for (const std::string& producer : producers) {
    for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
      ReadShard(services, producer, shard, all);
    }
  }
  return all;
}

std::vector<flow::ReceivedEvent> Interleaved(const std::vector<flow::ReceivedEvent>& events,
                                             std::mt19937_64& random) {
  // Drawing the owner of every next place from all events makes every legal order possible.
  std::map<std::string, std::deque<const flow::ReceivedEvent*>> queues;
  std::vector<std::string> owners;
  for (const flow::ReceivedEvent& event : events) {
    owners.push_back(event.envelope.aggregate_id());
    queues[owners.back()].push_back(&event);
  }
  std::shuffle(owners.begin(), owners.end(), random);
  std::vector<flow::ReceivedEvent> order;
  for (const std::string& owner : owners) {
    order.push_back(*queues[owner].front());
    queues[owner].pop_front();
  }
  return order;
}

}  // namespace ieum::testing
