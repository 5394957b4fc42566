#include "tests/simulator/event.h"

#include <array>
#include <cstring>
#include <memory>

namespace ieum::flow::simulation {

ReceivedEvent EventOf(const Row& row, int64_t epoch, int shard, int64_t pos) {
  ReceivedEvent event;
  event.epoch = epoch;
  event.envelope.set_shard(shard);
  event.envelope.set_position(pos);
  char bytes[sizeof row.id];
  std::memcpy(bytes, &row.id, sizeof bytes);
  event.envelope.set_event_id(std::string(bytes, sizeof bytes));
  return event;
}

uint64_t RowOf(const ReceivedEvent& event) {
  uint64_t row = 0;
  std::memcpy(&row, event.envelope.event_id().data(), sizeof row);
  return row;
}

Task TaskOf(RowKind kind) {
  static const auto* const kEffects = [] {
    auto* effects = new std::array<Subscriptions::Effect, 3>;
    (*effects)[0].sink = std::make_shared<BatchSink>();
    (*effects)[1].sink = std::make_shared<BatchSink>();
    return effects;
  }();
  switch (kind) {
    case RowKind::kFirstSink:
      return {Task::Kind::kSink, &(*kEffects)[0], ""};
    case RowKind::kSecondSink:
      return {Task::Kind::kSink, &(*kEffects)[1], ""};
    case RowKind::kReaction:
      return {Task::Kind::kReact, &(*kEffects)[2], ""};
    case RowKind::kUndecodable:
      return {Task::Kind::kPark, nullptr, "UNDECODABLE"};
    default:
      return {};
  }
}

}  // namespace ieum::flow::simulation
