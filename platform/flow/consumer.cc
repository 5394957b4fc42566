#include "platform/flow/consumer.h"

#include <random>

#include "platform/flow/inbox_store.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

constexpr absl::Duration kLookForLease = absl::Milliseconds(250);

}  // namespace

Consumer::Consumer(ConsumerOptions options, Lease* lease)
    : options_(std::move(options)), metrics_(*options_.metrics, options_.producer), lease_(lease) {}

Consumer::~Consumer() { Drain(); }

void Consumer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Consumer::Drain() {
  stopping_ = true;
  mailbox_.Nudge();
  if (thread_.joinable()) thread_.join();
}

void Consumer::OnWatermark(const Watermark& mark) {
  mailbox_.Post([this, mark] {
    if (session_ != nullptr) session_->OnWatermark(mark);
  });
}

void Consumer::Run() {
  Backoff backoff(options_.limits.retry_min, options_.limits.retry_max);
  while (!stopping_) {
    if (!Active()) {
      for (const auto& letter : mailbox_.Take(kLookForLease)) letter();
      continue;
    }
    db::Database& database = options_.ledger->database();
    const auto state = LoadInbox(database, options_.producer);
    const auto parked = LoadParked(database, options_.producer);
    if (!state.ok() || !parked.ok()) {
      (void)mailbox_.Take(backoff.Next());
      continue;
    }
    backoff.Reset();
    telemetry::Info("consuming", {{"producer", options_.producer}, {"term", lease_->term()}});
    ConsumerSession session(options_, metrics_, mailbox_, *state, *parked);
    session_ = &session;
    session.Run([this] { return Active(); });
    session_ = nullptr;
  }
}

}  // namespace ieum::flow
