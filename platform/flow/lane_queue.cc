#include "platform/flow/lane_queue.h"

#include <algorithm>

#include "platform/flow/check_hash.h"

namespace ieum::flow {

using Kind = Task::Kind;

size_t RunEnd(absl::Span<const Task> tasks, size_t from) {
  size_t end = from + 1;
  while (end < tasks.size() && SameRun(tasks[end - 1], tasks[end])) ++end;
  return end;
}

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

bool LaneQueue::Ready(const Shard& shard, Instant now) {
  return !shard.in_hand && !shard.items.empty() && shard.standing_until <= now;
}

// Whether the task's event can stand behind the batch, in the run that began at `run`.
bool LaneQueue::Fits(const LaneBatch& batch, size_t run, const Task& task) const {
  if (task.kind == Kind::kSkip || task.kind == Kind::kPark) return false;
  if (static_cast<int>(batch.events.size()) >= limits_.batch_max) return false;
  if (task.kind == Kind::kReact && batch.reactions >= limits_.reactions_max) return false;
  return batch.events.size() == run || SameRun(batch.tasks.back(), task);
}

void LaneQueue::TakeFront(Shard& shard, LaneBatch& batch) {
  Item& item = shard.items.front();
  batch.reactions += item.task.kind == Kind::kReact;
  batch.events.push_back(std::move(item.event));
  batch.tasks.push_back(item.task);
  batch.steps.push_back(item.step);
  shard.items.pop_front();
}

void LaneQueue::TakeRun(Shard& shard, size_t run, LaneBatch& batch) {
  while (!shard.items.empty() && Fits(batch, run, shard.items.front().task)) {
    TakeFront(shard, batch);
  }
}

// Run after run, of whatever stands in front of the shards, until the batch is full or nothing that
// may be in it is left.
void LaneQueue::TakeCompany(int first, Instant now, LaneBatch& batch) {
  size_t run = 0;
  do {
    run = batch.events.size();
    for (int i = 0; i < kShards; ++i) {
      Shard& shard = shards_[(first + i) % kShards];
      if (Ready(shard, now) && !shard.alone) TakeRun(shard, run, batch);
    }
  } while (batch.events.size() > run);
}

void LaneQueue::TakeEffects(int number, Instant now, LaneBatch& batch) {
  Shard& shard = shards_[number];
  if (!Ready(shard, now)) return;
  const Task& task = shard.items.front().task;
  if (task.kind == Kind::kSkip) return;
  if (task.kind == Kind::kPark || (shard.alone && task.kind == Kind::kReact)) {
    TakeFront(shard, batch);
  } else if (shard.alone) {
    TakeRun(shard, 0, batch);
  } else {
    TakeCompany(number, now, batch);
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
  const size_t room = std::min(LookAt(now).events, static_cast<size_t>(limits_.batch_max));
  batch.events.reserve(room);
  batch.tasks.reserve(room);
  batch.steps.reserve(room + kShards);
  for (int i = 0; i < kShards && batch.events.empty(); ++i) {
    TakeEffects((next_shard_ + i) % kShards, now, batch);
  }
  next_shard_ = (next_shard_ + 1) % kShards;
  if (batch.events.empty() && !RidersAreDue(now)) return std::nullopt;
  TakeRiders(now, batch);
  for (const CursorStep& step : batch.steps) shards_[step.shard].in_hand = true;
  return batch;
}

void LaneQueue::PutBack(LaneBatch& batch, size_t at, Instant now) {
  const CursorStep& step = batch.steps[at];
  Item item{{}, {}, step, now};
  if (at < batch.events.size()) {
    item.task = batch.tasks[at];
    item.event = std::move(batch.events[at]);
  }
  Shard& shard = shards_[step.shard];
  shard.items.push_front(std::move(item));
  if (shard.standing_until <= now) shard.standing_until = now + shard.backoff->Next();
  shard.alone = true;
}

void LaneQueue::Settle(LaneBatch batch, size_t applied, Instant now) {
  for (size_t i = 0; i < batch.steps.size(); ++i) {
    Shard& shard = shards_[batch.steps[i].shard];
    shard.in_hand = false;
    if (i >= applied) continue;
    shard.backoff->Reset();
    shard.alone = false;
  }
  for (size_t i = batch.steps.size(); i-- > applied;) PutBack(batch, i, now);
}

Instant LaneQueue::NextDeadline() const {
  Instant next = absl::InfiniteDuration();
  for (const Shard& shard : shards_) {
    if (shard.in_hand || shard.items.empty()) continue;
    if (shard.standing_until > looked_at_) {
      next = std::min(next, shard.standing_until);
    } else if (shard.items.front().task.kind == Kind::kSkip) {
      next = std::min(next, shard.items.front().since + limits_.skip_linger);
    }
  }
  return next;
}

LaneQueue::Waiting LaneQueue::LookAt(Instant now) const {
  Waiting waiting;
  for (const Shard& shard : shards_) {
    if (!Ready(shard, now)) continue;
    waiting.events += shard.items.size();
    waiting.since = std::min(waiting.since, shard.items.front().since);
  }
  return waiting;
}

}  // namespace ieum::flow
