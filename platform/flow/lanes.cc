#include "platform/flow/lanes.h"

#include <random>

#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

using OutcomeKind = Applier::Outcome::Kind;

std::chrono::nanoseconds Nanos(absl::Duration duration) {
  return absl::ToChronoNanoseconds(std::min(duration, absl::Hours(1)));
}

}  // namespace

Lanes::Lanes(Options options, ConsumerMemory memory)
    : options_(std::move(options)),
      limits_(options_.applier.limits),
      memory_(std::move(memory)),
      queue_(limits_, std::random_device{}()) {
  options_.applier.memory = &memory_;
  options_.applier.pause = [this](absl::Duration duration) { return Pause(duration); };
  for (int i = 0; i < limits_.lanes; ++i) threads_.emplace_back([this, i] { Run(i == 0); });
}

Lanes::~Lanes() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  for (auto* waited_for : {&first_, &helpers_, &stop_}) waited_for->notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Lanes::Push(std::vector<ReceivedEvent> events) {
  std::vector<Task> tasks;
  tasks.reserve(events.size());
  for (ReceivedEvent& event : events) tasks.push_back(TaskFor(*options_.subscriptions, &event));
  const Instant now = MonotonicNow();
  bool wakes_first = false, wakes_helpers = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = 0; i < events.size(); ++i) queue_.Push(std::move(events[i]), tasks[i], now);
    wakes_first = first_waits_ && !events.empty();
    wakes_helpers = Takes(/*first=*/false, now);
  }
  if (wakes_first) first_.notify_one();
  if (wakes_helpers) helpers_.notify_one();
}

bool Lanes::Pause(absl::Duration duration) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !stop_.wait_for(lock, Nanos(duration), [this] { return stopping_; });
}

bool Lanes::Takes(bool first, Instant now) const {
  if (first) return true;
  const LaneQueue::Waiting waiting = queue_.LookAt(now);
  return waiting.events >= static_cast<size_t>(limits_.help_from) ||
         now - waiting.since >= limits_.help_after;
}

void Lanes::Run(bool first) {
  Applier applier(options_.applier);
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    const Instant now = MonotonicNow();
    std::optional<LaneBatch> batch;
    if (Takes(first, now)) batch = queue_.Next(now);
    if (!batch) {
      Wait(lock, first);
      continue;
    }
    lock.unlock();
    const Applier::Outcome outcome = applier.Apply(*batch);
    lock.lock();
    Settle(*std::move(batch), outcome);
    if (first) Rest(lock);
  }
}

// A helper is woken; the first one looks by himself when something becomes due.
void Lanes::Wait(std::unique_lock<std::mutex>& lock, bool first) {
  if (!first) return helpers_.wait(lock);
  first_waits_ = true;
  first_.wait_for(lock, Nanos(queue_.NextDeadline() - MonotonicNow()));
  first_waits_ = false;
}

// Unless there is enough for a full transaction already.
void Lanes::Rest(std::unique_lock<std::mutex>& lock) {
  const auto full = [this] {
    return queue_.LookAt(MonotonicNow()).events >= static_cast<size_t>(limits_.batch_max);
  };
  if (limits_.rest <= absl::ZeroDuration() || full()) return;
  stop_.wait_for(lock, Nanos(limits_.rest), [this] { return stopping_; });
}

void Lanes::Settle(LaneBatch batch, const Applier::Outcome& outcome) {
  if (outcome.kind == OutcomeKind::kLost) {
    stopping_ = true;
    for (auto* waited_for : {&first_, &helpers_, &stop_}) waited_for->notify_all();
    return options_.on_lost();
  }
  if (outcome.kind == OutcomeKind::kLater) {
    telemetry::Warn(
        "events wait for a transient failure to pass",
        {{"producer", options_.applier.producer}, {"error", ErrorWord(outcome.status)}});
  }
  queue_.Settle(std::move(batch), outcome.applied, MonotonicNow());
  if (first_waits_) first_.notify_one();
}

}  // namespace ieum::flow
