#include "platform/runtime/housekeeping.h"

#include <chrono>

#include "platform/telemetry/log.h"

namespace ieum::runtime {
namespace {

constexpr std::chrono::seconds kRound(60);
constexpr int kPruneRowsMax = 1000;  // a round; small batches hold no lock for long

}  // namespace

Housekeeping::Housekeeping(ledger::Ledger& ledger) : ledger_(ledger), thread_([this] { Loop(); }) {}

Housekeeping::~Housekeeping() { Stop(); }

void Housekeeping::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Housekeeping::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kRound, [this] { return stopping_; })) {
    lock.unlock();
    auto pruned = ledger_.PruneAnswers(kPruneRowsMax);
    if (!pruned.ok()) {
      telemetry::Warn("answers not pruned", {{"reason", std::string(pruned.status().message())}});
    }
    lock.lock();
  }
}

}  // namespace ieum::runtime
