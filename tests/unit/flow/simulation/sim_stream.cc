#include "tests/unit/flow/simulation/sim_stream.h"

#include <algorithm>

namespace ieum::flow::simulation {

// The order of the checks is the real broker's: known ids first, then the expectations.
SimAnswer SimStream::Publish(SimMessage message, const broker::Chain& chain) {
  if (const auto known = known_ids_.find(message.id); known != known_ids_.end()) {
    return {true, known->second, true};
  }
  if (chain.last_seq && *chain.last_seq != last_seq_) return {};
  if (!chain.last_message_id.empty() && chain.last_message_id != last_id_) return {};
  message.seq = ++last_seq_;
  known_ids_[message.id] = message.seq;
  last_id_ = message.id;
  messages_.push_back(message);
  return {true, message.seq, false};
}

void SimStream::LoseTail(size_t count, bool forgets_last_id) {
  count = std::min(count, messages_.size());
  messages_.resize(messages_.size() - count);
  last_seq_ -= count;
  known_ids_.clear();
  for (const SimMessage& message : messages_) known_ids_[message.id] = message.seq;
  last_id_ = messages_.empty() || forgets_last_id ? "" : messages_.back().id;
}

void SimStream::Wipe() {
  const int64_t created = created_;
  *this = SimStream{};
  created_ = created + 1;
}

void SimStream::DropOldest(size_t count) {
  messages_.erase(messages_.begin(), messages_.begin() + std::min(count, messages_.size()));
}

StreamView SimStream::View() const {
  StreamView view;
  view.first_seq = messages_.empty() ? last_seq_ + 1 : messages_.front().seq;
  view.last_seq = last_seq_;
  for (const SimMessage& message : messages_) {
    view.last[message.spot.shard] = {true, message.epoch, message.spot.pos, message.incarnation,
                                     message.seq};
  }
  return view;
}

StreamFacts SimStream::Facts() const {
  const uint64_t first = messages_.empty() ? last_seq_ + 1 : messages_.front().seq;
  return {absl::FromUnixSeconds(created_), first, last_seq_};
}

std::vector<SimMessage> SimStream::Read(uint64_t from, size_t count) const {
  std::vector<SimMessage> read;
  for (const SimMessage& message : messages_) {
    if (message.seq >= from && read.size() < count) read.push_back(message);
  }
  return read;
}

}  // namespace ieum::flow::simulation
