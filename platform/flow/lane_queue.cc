#include "platform/flow/lane_queue.h"

#include <algorithm>

#include "platform/flow/check_hash.h"

namespace ieum::flow {

using Kind = Task::Kind;

LaneQueue::LaneQueue(const ConsumerLimits& limits, uint64_t seed) : limits_(limits) {
  for (int i = 0; i < kShards; ++i) {
    shards_[i].backoff.emplace(limits.retry_min, limits.retry_max, seed + i);
  }
}

void LaneQueue::Push(ReceivedEvent event, Task task, Instant now) {
  const int number = event.envelope.shard();
  const int64_t pos = event.envelope.position();
  Shard& shard = shards_[number];
  Item item{task, {}, {number, event.epoch, pos, pos, EventHash(event.envelope)}, now};
  // What nobody listens to melts into what comes behind it.
  if (!shard.items.empty() && shard.items.back().task.kind == Kind::kSkip &&
      shard.items.back().step.last % kCheckEvery != 0) {
    item.step.first = shard.items.back().step.first;
    item.step.hash ^= shard.items.back().step.hash;
    item.since = shard.items.back().since;
    shard.items.pop_back();
  }
  if (task.kind != Kind::kSkip) item.event = std::move(event);
  shard.items.push_back(std::move(item));
}

bool LaneQueue::FitsWith(const Task& task, const Task& other) {
  return task.kind == Kind::kSink && other.kind == Kind::kSink &&
         task.effect->sink == other.effect->sink;
}

void LaneQueue::TakeRun(Shard& shard, LaneBatch& batch) {
  while (!shard.items.empty() && static_cast<int>(batch.events.size()) < limits_.sink_batch_max) {
    Item& item = shard.items.front();
    if (item.task.kind == Kind::kSkip) return;
    if (!batch.events.empty() && !FitsWith(batch.task, item.task)) return;
    batch.task = item.task;
    batch.events.push_back(std::move(item.event));
    batch.steps.push_back(item.step);
    shard.items.pop_front();
  }
}

void LaneQueue::TakeRiders(Instant now, LaneBatch& batch) {
  for (Shard& shard : shards_) {
    if (!Ready(shard, now) || shard.items.front().task.kind != Kind::kSkip) continue;
    batch.steps.push_back(shard.items.front().step);
    shard.items.pop_front();
  }
}

bool LaneQueue::RidersAreDue(Instant now) const {
  return std::any_of(shards_.begin(), shards_.end(), [&](const Shard& shard) {
    return Ready(shard, now) && shard.items.front().task.kind == Kind::kSkip &&
           (now - shard.items.front().since >= limits_.skip_linger || shard.items.size() > 1);
  });
}

std::optional<LaneBatch> LaneQueue::Next(Instant now) {
  looked_at_ = now;
  LaneBatch batch;
  for (int i = 0; i < kShards; ++i) {
    Shard& shard = shards_[(next_shard_ + i) % kShards];
    if (Ready(shard, now)) TakeRun(shard, batch);
    if (batch.events.size() == 1 && batch.task.kind != Kind::kSink) break;
  }
  next_shard_ = (next_shard_ + 1) % kShards;
  if (batch.events.empty() && !RidersAreDue(now)) return std::nullopt;
  TakeRiders(now, batch);
  return batch;
}

void LaneQueue::PutBack(LaneBatch batch, size_t from, Instant now) {
  for (size_t i = batch.steps.size(); i-- > from;) {
    const CursorStep& step = batch.steps[i];
    Item item{{}, {}, step, now};
    if (i < batch.events.size()) {
      item.task = batch.task;
      item.event = std::move(batch.events[i]);
    }
    Shard& shard = shards_[step.shard];
    shard.items.push_front(std::move(item));
    if (shard.standing_until <= now) shard.standing_until = now + shard.backoff->Next();
  }
}

Instant LaneQueue::NextDeadline() const {
  Instant next = absl::InfiniteDuration();
  for (const Shard& shard : shards_) {
    if (shard.items.empty()) continue;
    if (shard.standing_until > looked_at_) {
      next = std::min(next, shard.standing_until);
    } else if (shard.items.front().task.kind == Kind::kSkip) {
      next = std::min(next, shard.items.front().since + limits_.skip_linger);
    }
  }
  return next;
}

}  // namespace ieum::flow
