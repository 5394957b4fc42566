#include "tests/unit/flow/simulation/sim_relay.h"

namespace ieum::flow::simulation {

void SimRelay::Restart() {
  core_ = std::make_unique<RelayCore>("sample", SimRelayLimits(), world_.random());
  Disconnect();
  core_->OnConnected(true);
}

void SimRelay::Disconnect() {
  core_->OnConnected(false);
  core_->OnConnected(true);
  for (Outgoing& sent : outgoing_) {
    if (!calm_ && world_.Chance(70)) ghosts_.push_back(std::move(sent));
  }
  outgoing_.clear();
  incoming_.clear();
}

void SimRelay::BrokerDied() {
  Disconnect();
  ghosts_.clear();
}

void SimRelay::Step() {
  switch (world_.Pick(6)) {
    case 0:
    case 1:
      return ArriveAtStream(outgoing_, true);
    case 2:
      return ArriveAtStream(ghosts_, false);
    case 3:
      if (incoming_.empty()) return;
      if (const Incoming in = incoming_.front(); in.answer.stored) {
        core_->OnStored(in.token, in.answer.seq);
      } else {
        core_->OnTrouble();
      }
      incoming_.pop_front();
      return;
    default:
      return StepCore();
  }
}

void SimRelay::ArriveAtStream(std::deque<Outgoing>& queue, bool answered) {
  if (queue.empty()) return;
  const Outgoing sent = std::move(queue.front());
  queue.pop_front();
  if (!world_.stream_exists) {
    if (answered) incoming_.push_back({sent.token, {}});
    return;
  }
  const SimAnswer answer = world_.stream.Publish(sent.message, sent.chain);
  const bool ack_lost = !calm_ && world_.Chance(1);
  if (answered && !ack_lost) incoming_.push_back({sent.token, answer});
}

void SimRelay::StepCore() {
  core_->OnLease(leader_, term_);
  if (world_.Chance(30)) core_->Wake();
  Execute(core_->Step(world_.now));
  if (core_->leading() && world_.Chance(5)) beliefs_ = core_->beliefs();  // lazily, now and then
}

void SimRelay::Execute(const RelayActions& actions) {
  if (actions.forget) {
    // The relay no longer listens, but what was sent is on its way.
    for (Outgoing& sent : outgoing_) ghosts_.push_back(std::move(sent));
    outgoing_.clear();
    incoming_.clear();
  }
  if (actions.read_stream) {
    if (!calm_ && world_.Chance(5)) return core_->OnTrouble();
    world_.stream_exists = true;
    TakeOver read{world_.stream.View(), beliefs_, world_.Head(), {}};
    read.refill_from.fill(1);
    core_->OnTakeOver(read);
  }
  if (actions.save_beliefs) {
    beliefs_ = core_->beliefs();
    core_->OnBeliefsSaved();
  }
  for (const auto& publication : actions.publish) {
    SimMessage message;
    message.spot = publication.spot;
    message.epoch = core_->epoch();
    message.incarnation = core_->incarnation();
    message.id = publication.chain.message_id;
    outgoing_.push_back({publication.token, message, publication.chain});
  }
  if (actions.read_ledger) ReadLedger(*actions.read_ledger);
}

void SimRelay::ReadLedger(const ShardPositions& from) {
  if (!calm_ && world_.Chance(1)) return core_->OnTrouble();
  std::vector<Spot> rows;
  for (int shard = 0; shard < kShards; ++shard) {
    for (int64_t pos = from[shard]; pos <= world_.ledger[shard] && rows.size() < 12; ++pos) {
      rows.push_back({shard, pos});
    }
  }
  core_->OnLedger(world_.Head(), rows);
}

Watermark SimRelay::Mark() const {
  return {core_->epoch(), core_->incarnation(), core_->ledger_last(), core_->last_seq()};
}

}  // namespace ieum::flow::simulation
