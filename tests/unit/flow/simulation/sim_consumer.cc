#include "tests/unit/flow/simulation/sim_consumer.h"

#include <algorithm>

namespace ieum::flow::simulation {
namespace {

constexpr uint64_t kRewound = 20;  // messages that stand for some minutes of stream

ReceivedEvent EventAt(int shard, int64_t pos, int64_t epoch) {
  ReceivedEvent event;
  event.producer = "sample";
  event.epoch = epoch;
  event.envelope.set_shard(shard);
  event.envelope.set_position(pos);
  return event;
}

}  // namespace

void SimConsumer::Restart() {
  InboxState state = hint_;
  for (int shard = 0; shard < kShards; ++shard) {
    state.cursors[shard] = {applied_[shard] > 0 ? world_.epoch : 0, applied_[shard], 0};
  }
  core_ = std::make_unique<ConsumerCore>(state, SimConsumerLimits(), world_.now, world_.random());
  lane_.clear();
  asked_.reset();
  Disconnect();
}

void SimConsumer::Disconnect() {
  core_->OnConnected(false);
  core_->OnConnected(true);
  arriving_.clear();
  next_seq_ = 0;
}

void SimConsumer::Step() {
  switch (world_.Pick(6)) {
    case 0:
      return Pull();
    case 1:
    case 2:
      return Arrive();
    case 3:
      return Apply();
    case 4:
      if (asked_) AnswerLedger(*std::exchange(asked_, std::nullopt));
      return;
    default:
      return StepCore();
  }
}

void SimConsumer::StepCore() {
  ConsumerActions actions = core_->Step(world_.now);
  for (ReceivedEvent& event : actions.deliver) lane_.push_back(std::move(event));
  if (actions.open_pull) OpenPull();
  if (actions.read_ledger) asked_ = actions.read_ledger;
  if (!world_.Chance(10) || !core_->stream_created()) return;
  hint_.stream_created = core_->stream_created();
  hint_.incarnation = core_->incarnation();
  hint_.resume_seq = core_->resume_seq();
}

void SimConsumer::OpenPull() {
  arriving_.clear();
  if (!world_.stream_exists) return core_->OnPullLost();
  const StreamFacts facts = world_.stream.Facts();
  const PullPlan plan = core_->PlanPull(facts);
  next_seq_ = plan.kind == PullPlan::Kind::kAll ? 1 : plan.seq;
  if (plan.kind == PullPlan::Kind::kRewind) next_seq_ -= std::min(plan.seq - 1, kRewound);
  pulled_stream_ = facts.created;
  core_->OnPullOpened(facts, plan, facts.last_seq + 1 - std::min(next_seq_, facts.last_seq + 1));
}

// The broker sends some more.
void SimConsumer::Pull() {
  if (next_seq_ == 0 || !core_->pulling() || core_->queued() > 40) return;
  if (!world_.stream_exists || world_.stream.Facts().created != pulled_stream_) {
    next_seq_ = 0;
    return core_->OnPullLost();
  }
  for (const SimMessage& message : world_.stream.Read(next_seq_, 1 + world_.Pick(5))) {
    next_seq_ = message.seq + 1;
    arriving_.push_back({message, world_.stream.last_seq() - message.seq});
    if (!calm_ && world_.Chance(5)) arriving_.push_back(arriving_.back());
    if (!calm_ && world_.Chance(5)) std::swap(arriving_.back(), arriving_.front());
  }
}

void SimConsumer::Arrive() {
  if (arriving_.empty()) return;
  const auto [message, pending] = arriving_.front();
  arriving_.pop_front();
  core_->OnMessage(message.seq, pending, message.incarnation,
                   EventAt(message.spot.shard, message.spot.pos, message.epoch));
}

void SimConsumer::Forge() {
  const int shard = world_.Pick(kShards);
  core_->OnMessage(core_->resume_seq() + 1, 0, 0,
                   EventAt(shard, world_.ledger[shard] + 1'000'000, world_.epoch));
}

void SimConsumer::AnswerLedger(const ConsumerActions::LedgerQuestion& question) {
  if (!calm_ && world_.Chance(20)) return core_->OnLedgerFailed();
  std::vector<ReceivedEvent> events;
  const int64_t last = world_.ledger[question.shard];
  for (int64_t pos = question.from; pos <= last && events.size() < 10; ++pos) {
    events.push_back(EventAt(question.shard, pos, world_.epoch));
  }
  core_->OnLedger(question.shard, world_.epoch, last, std::move(events));
}

// Any of the waiting events may be the next to commit, but not before its elders of the shard.
void SimConsumer::Apply() {
  if (lane_.empty()) return;
  const int shard =
      lane_[static_cast<size_t>(world_.Pick(static_cast<int>(lane_.size())))].envelope.shard();
  const auto eldest = std::find_if(lane_.begin(), lane_.end(), [shard](const ReceivedEvent& event) {
    return event.envelope.shard() == shard;
  });
  const int64_t pos = eldest->envelope.position();
  in_order_ &= pos == applied_[shard] + 1 && pos <= world_.ledger[shard];
  applied_[shard] = pos;
  lane_.erase(eldest);
  core_->OnApplied(shard, pos);
}

}  // namespace ieum::flow::simulation
