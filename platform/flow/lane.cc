#include "platform/flow/lane.h"

#include <random>

#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

using OutcomeKind = Applier::Outcome::Kind;

std::chrono::nanoseconds Nanos(absl::Duration duration) {
  return absl::ToChronoNanoseconds(std::min(duration, absl::Hours(1)));
}

}  // namespace

Lane::Lane(Options options)
    : options_(std::move(options)),
      applier_([this] {
        options_.applier.pause = [this](absl::Duration duration) { return Pause(duration); };
        return options_.applier;
      }()),
      queue_(options_.applier.limits, std::random_device{}()),
      thread_([this] { Run(); }) {}

Lane::~Lane() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Lane::Push(ReceivedEvent event) {
  const Task task = TaskFor(*options_.subscriptions, &event);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    queue_.Push(std::move(event), task, MonotonicNow());
  }
  changed_.notify_one();
}

bool Lane::Pause(absl::Duration duration) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !changed_.wait_for(lock, Nanos(duration), [this] { return stopping_; });
}

void Lane::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    std::optional<LaneBatch> batch = queue_.Next(MonotonicNow());
    if (!batch) {
      changed_.wait_for(lock, Nanos(queue_.NextDeadline() - MonotonicNow()));
      continue;
    }
    lock.unlock();
    const Applier::Outcome outcome = applier_.Apply(*batch);
    lock.lock();
    Settle(*std::move(batch), outcome);
  }
}

void Lane::Settle(LaneBatch batch, const Applier::Outcome& outcome) {
  for (size_t i = 0; i < outcome.applied; ++i) queue_.OnApplied(batch.steps[i].shard);
  if (outcome.kind == OutcomeKind::kLater) {
    telemetry::Warn(
        "events wait for a transient failure to pass",
        {{"producer", options_.applier.producer}, {"error", ErrorWord(outcome.status)}});
    queue_.PutBack(std::move(batch), outcome.applied, MonotonicNow());
  } else if (outcome.kind == OutcomeKind::kLost) {
    stopping_ = true;
    options_.on_lost();
  }
}

}  // namespace ieum::flow
