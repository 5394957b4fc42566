#include "platform/flow/consumer.h"

#include <random>

#include "platform/flow/epoch_entry.h"
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
  db::Database& database = options_.ledger->database();
  while (!stopping_) {
    if (!Active()) {
      for (const auto& letter : mailbox_.Take(kLookForLease)) letter();
      continue;
    }
    if (new_epoch_ != 0 && !GoOver().ok()) {
      (void)mailbox_.Take(backoff.Next());
      continue;
    }
    const auto state = LoadInbox(database, options_.producer);
    const auto parked = LoadParked(database, options_.producer);
    if (!state.ok() || !parked.ok()) {
      (void)mailbox_.Take(backoff.Next());
      continue;
    }
    if ((new_epoch_ = NewEpochThere(*state)) != 0) continue;
    backoff.Reset();
    telemetry::Info("consuming", {{"producer", options_.producer}, {"term", lease_->term()}});
    RunSession(*state, *parked);
  }
}

// Better known before anything is taken: the stream may still bring what vanished. A producer that
// does not answer is not waited for.
int64_t Consumer::NewEpochThere(const InboxState& state) const {
  int64_t known = 0;
  for (const InboxState::Cursor& cursor : state.cursors) {
    if (cursor.epoch != 0 && (known == 0 || cursor.epoch < known)) known = cursor.epoch;
  }
  if (known == 0 || !options_.log_reader) return 0;
  const auto there = options_.log_reader(options_.producer, 0, 1, 1);
  return there.ok() && there->epoch() > known ? there->epoch() : 0;
}

void Consumer::RunSession(const InboxState& state, const absl::flat_hash_set<base::Uuid>& parked) {
  ConsumerSession session(options_, metrics_, mailbox_, state, parked);
  session_ = &session;
  session.Run([this] { return Active(); });
  session_ = nullptr;
  new_epoch_ = session.new_epoch();
}

absl::Status Consumer::GoOver() {
  const absl::StatusOr<EpochEntry> entry =
      EnterNewEpoch(options_.ledger->database(), options_.producer, new_epoch_, options_.log_reader,
                    options_.subscriptions->undo());
  if (!entry.ok()) {
    metrics_.stopped.Set(1);
    const std::string error(entry.status().message());
    if (std::exchange(told_, error) != error) {
      telemetry::Error("the producer has a new epoch that cannot be gone over to; trying on",
                       {{"producer", options_.producer}, {"epoch", new_epoch_}, {"error", error}});
    }
    return entry.status();
  }
  metrics_.epochs.Increment();
  metrics_.vanished.Increment(static_cast<double>(entry->vanished));
  telemetry::Warn(
      "gone over to the producer's new epoch",
      {{"producer", options_.producer}, {"epoch", entry->epoch}, {"vanished", entry->vanished}});
  new_epoch_ = 0;
  told_.clear();
  return absl::OkStatus();
}

}  // namespace ieum::flow
