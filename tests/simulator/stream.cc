#include "tests/simulator/stream.h"

#include <algorithm>

namespace ieum::flow::simulation {
namespace {

StreamView::Last ViewOf(const SimMessage& message) {
  return {true, message.epoch, message.spot.pos, message.incarnation, message.seq};
}

}  // namespace

// The order of the checks is the real broker's: known ids first, then the expectations.
SimAnswer SimStream::Publish(SimMessage message, const SimChain& chain, std::string_view* fault) {
  if (const auto known = known_ids_.find(message.id); known != known_ids_.end()) {
    return {true, known->second};
  }
  if (chain.by_seq && chain.seq != last_seq_) return {};
  if (chain.by_id && chain.id != last_id_) return {};
  *fault = Fault(message);
  const StreamView::Last& told = in_order_[message.spot.shard];
  message.again = told.found && told.epoch == message.epoch && message.spot.pos <= told.pos;
  message.seq = ++last_seq_;
  known_ids_[message.id] = message.seq;
  last_id_ = message.id;
  const int shard = message.spot.shard;
  last_[shard] = ViewOf(message);
  if (!message.again) in_order_[shard] = ViewOf(message);
  Spoken& spoken = spoken_[shard];
  if (message.epoch != spoken.epoch) spoken = {message.epoch, 0, 0};
  spoken.greatest = std::max(spoken.greatest, message.spot.pos);
  messages_.push_back(message);
  return {true, message.seq};
}

void SimStream::StoreAgain(size_t which) {
  if (messages_.empty()) return;
  SimMessage copy = messages_[which % messages_.size()];
  copy.again = true;
  copied_[copy.spot.shard] = true;
  copy.seq = ++last_seq_;
  copy.id = last_id_ = ~copy.id;
  last_[copy.spot.shard] = ViewOf(copy);
  messages_.push_back(copy);
}

StreamView::Last SimStream::At(uint64_t seq, int shard) const {
  if (messages_.empty() || seq < first_seq() || seq > last_seq_) return {};
  const SimMessage& message = messages_[seq - first_seq()];
  return message.spot.shard == shard ? ViewOf(message) : StreamView::Last{};
}

// Per shard and epoch the positions that are kept follow each other, and each stands there once
// unless somebody else stored one of them again.
std::string_view SimStream::Fault(const SimMessage& message) const {
  const StreamView::Last& last = in_order_[message.spot.shard];
  const Spoken& spoken = spoken_[message.spot.shard];
  if (last.found && last.epoch == message.epoch) {
    if (message.spot.pos <= last.pos) return copied_[message.spot.shard] ? "" : "stored twice";
    return message.spot.pos > last.pos + 1 ? "a hole in the stream" : "";
  }
  // Nothing of the shard is left: it may begin anew anywhere that needs no one to guess.
  const bool known = spoken.epoch == message.epoch && spoken.greatest > 0;
  const int64_t at_most = known ? spoken.greatest + 1 : 1;
  return message.spot.pos > at_most ? "a hole in the stream" : "";
}

void SimStream::FindLast() {
  last_.fill({});
  in_order_.fill({});
  for (const SimMessage& message : messages_) {
    last_[message.spot.shard] = ViewOf(message);
    if (!message.again) in_order_[message.spot.shard] = ViewOf(message);
  }
}

void SimStream::LoseTail(size_t count, bool forgets_last_id) {
  count = std::min(count, messages_.size());
  lost_ += static_cast<int64_t>(count);
  messages_.resize(messages_.size() - count);
  last_seq_ -= count;
  known_ids_.clear();
  if (!forgets_last_id) {
    for (const SimMessage& message : messages_) known_ids_[message.id] = message.seq;
  }
  last_id_ = messages_.empty() || forgets_last_id ? 0 : messages_.back().id;
  FindLast();
}

void SimStream::Wipe() {
  lost_ += 1 + static_cast<int64_t>(messages_.size());
  messages_.clear();
  known_ids_.clear();
  last_id_ = last_seq_ = 0;
  ++created_;
  FindLast();
}

void SimStream::DropOldest(size_t count) {
  count = std::min(count, messages_.size());
  for (size_t i = 0; i < count; ++i) {
    const SimMessage& message = messages_[i];
    Spoken& spoken = spoken_[message.spot.shard];
    if (message.epoch == spoken.epoch && !message.again) spoken.aged = message.spot.pos;
  }
  aged_beside_copies_ |= std::any_of(messages_.begin(), messages_.end(),
                                     [](const SimMessage& message) { return message.again; });
  messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(count));
  FindLast();
}

ShardPositions SimStream::RefillFrom(int64_t epoch) const {
  ShardPositions from;
  for (int shard = 0; shard < kShards; ++shard) {
    from[shard] = spoken_[shard].epoch == epoch ? spoken_[shard].aged + 1 : 1;
  }
  return from;
}

StreamFacts SimStream::Facts() const {
  return {absl::FromUnixSeconds(static_cast<int64_t>(created_)), first_seq(), last_seq_};
}

const SimMessage* SimStream::From(uint64_t seq) const {
  if (seq > last_seq_ || messages_.empty()) return nullptr;
  return seq <= first_seq() ? messages_.data() : &messages_[seq - first_seq()];
}

bool SimStream::Holds(int64_t epoch, const ShardPositions& ledger) const {
  for (int shard = 0; shard < kShards; ++shard) {
    const StreamView::Last& last = in_order_[shard];
    const Spoken& spoken = spoken_[shard];
    if (last.found && last.epoch == epoch) {
      if (last.pos != ledger[shard]) return false;
    } else if (ledger[shard] > (spoken.epoch == epoch ? spoken.aged : 0)) {
      return false;
    }
  }
  return true;
}

}  // namespace ieum::flow::simulation
