#include "platform/flow/flow.h"

#include <unistd.h>

#include <atomic>
#include <mutex>

#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/stream.h"
#include "platform/flow/consumer.h"
#include "platform/flow/due_loop.h"
#include "platform/flow/epoch_store.h"
#include "platform/flow/lease.h"
#include "platform/flow/progress_store.h"
#include "platform/flow/relay.h"
#include "platform/flow/watermark.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

// Part of a drain that the relay may use for publishing; the rest is for what follows it.
constexpr double kRelayShare = 0.8;

// Irrevocable work asks before each step; the database is asked this often.
constexpr absl::Duration kHeldLook = absl::Milliseconds(100);

// Tells one process of a service from another, and a process from the one before it.
std::string OwnerName(const std::string& service) {
  return fmt::format("{}/{}/{}", service, getpid(), base::Uuid::NewV7().ToString());
}

}  // namespace

// Members in the order in which they depend on those before.
struct Flow::Impl {
  explicit Impl(FlowOptions given)
      : options(std::move(given)),
        dead_letters(*options.ledger, *options.subscriptions),
        held_gauge(options.metrics->Gauge(
            "ieum_irrevocable_work_held",
            "1 = what cannot be taken back rests until a restored ledger's epoch is accepted")),
        keeper(options.ledger->database(), OwnerName(options.service), options.limits.lease,
               [this] { NudgeAll(); }) {}

  absl::Status Connect();
  void MakeRelay();
  void MakeConsumers();
  void MakeDueLoops();
  absl::Status Listen();
  void NudgeAll();
  bool HoldsIrrevocable();
  void Drain(absl::Duration limit);

  const FlowOptions options;
  std::mutex mutex;  // of running: nobody is nudged who is about to go
  std::atomic<bool> running{false};
  DeadLetters dead_letters;
  prometheus::Gauge& held_gauge;
  std::mutex held_mutex;  // of the next three
  bool held = false, told_held = false;
  Instant next_look;
  std::unique_ptr<broker::Connection> relay_connection, consumer_connection, poke_connection;
  LeaseKeeper keeper;
  Lease* relay_lease = nullptr;
  std::unique_ptr<Relay> relay;
  std::vector<std::unique_ptr<Consumer>> consumers;
  std::vector<std::unique_ptr<DueLoop>> due_loops;
  std::vector<std::unique_ptr<broker::Subscription>> subscriptions;
};

absl::Status Flow::Impl::Connect() {
  const auto open = [this](const char* name, bool send_at_once) {
    return broker::Connection::Open({.url = options.nats_url,
                                     .name = fmt::format("{}-{}", options.service, name),
                                     .send_at_once = send_at_once,
                                     .on_change = [this] { NudgeAll(); },
                                     .access = options.broker_access});
  };
  ASSIGN_OR_RETURN(relay_connection, open("relay", false));
  ASSIGN_OR_RETURN(consumer_connection, open("consumer", true));
  ASSIGN_OR_RETURN(poke_connection, open("poke", true));
  return absl::OkStatus();
}

void Flow::Impl::MakeRelay() {
  relay_lease = keeper.Add("relay");
  relay =
      std::make_unique<Relay>(RelayOptions{.service = options.service,
                                           .database = &options.ledger->database(),
                                           .connection = relay_connection.get(),
                                           .lease = relay_lease,
                                           .metrics = options.metrics,
                                           .limits = options.limits.relay,
                                           .stream_max_bytes = options.limits.stream_max_bytes});
}

void Flow::Impl::MakeConsumers() {
  for (const std::string& producer : options.subscriptions->producers()) {
    ConsumerOptions consumer;
    consumer.producer = producer;
    consumer.ledger = options.ledger;
    consumer.subscriptions = options.subscriptions;
    consumer.log_reader = options.log_reader;
    consumer.connection = consumer_connection.get();
    consumer.metrics = options.metrics;
    consumer.limits = options.limits.consumer;
    consumers.push_back(
        std::make_unique<Consumer>(std::move(consumer), keeper.Add("consume." + producer)));
  }
}

void Flow::Impl::MakeDueLoops() {
  for (const DueWork& work : options.due_works) {
    due_loops.push_back(std::make_unique<DueLoop>(
        work, options.ledger->clock(), keeper.Add("due." + work.name), options.limits.due_interval,
        [this] { return HoldsIrrevocable(); }));
  }
}

// While this service's own ledger, or one that it listens to, came back from a backup and nobody
// has looked at what was done that now has no cause. Not to know means to hold.
bool Flow::Impl::HoldsIrrevocable() {
  std::lock_guard<std::mutex> lock(held_mutex);
  if (MonotonicNow() < next_look) return held;
  const absl::StatusOr<bool> open = AnyEpochOpen(options.ledger->database());
  const bool known = relay->stopped() || (open.ok() && *open);
  if (known && !told_held) {
    telemetry::Error("what cannot be taken back is held: a ledger was restored; see the runbook");
  }
  if (known || open.ok()) told_held = known;
  held = known || !open.ok();
  held_gauge.Set(held ? 1 : 0);
  next_look = MonotonicNow() + kHeldLook;
  return held;
}

absl::Status Flow::Impl::Listen() {
  ASSIGN_OR_RETURN(auto wake,
                   poke_connection->Subscribe(broker::WakeSubjects(options.service),
                                              [this](const broker::Message&) { relay->Wake(); }));
  subscriptions.push_back(std::move(wake));
  for (const auto& consumer : consumers) {
    Consumer* listener = consumer.get();
    ASSIGN_OR_RETURN(auto mark,
                     poke_connection->Subscribe(broker::MarkSubjects(listener->producer()),
                                                [listener](const broker::Message& message) {
                                                  const auto read = ParseWatermark(message.payload);
                                                  if (read) listener->OnWatermark(*read);
                                                }));
    subscriptions.push_back(std::move(mark));
  }
  return absl::OkStatus();
}

void Flow::Impl::NudgeAll() {
  std::lock_guard<std::mutex> lock(mutex);
  if (!running) return;
  relay->Nudge();
  for (const auto& consumer : consumers) consumer->Nudge();
  for (const auto& loop : due_loops) loop->Poke();
}

// The relay goes last of those who work: what consumers and timers commit is still published.
void Flow::Impl::Drain(absl::Duration limit) {
  if (!running) return;
  const Instant until = MonotonicNow() + limit;
  for (const auto& loop : due_loops) loop->Drain();
  subscriptions.clear();
  for (const auto& consumer : consumers) consumer->Drain();
  relay->Drain(std::max(absl::ZeroDuration(), (until - MonotonicNow()) * kRelayShare));
  options.ledger->OnCommitted({});
  keeper.ReleaseAll();
  std::lock_guard<std::mutex> lock(mutex);
  running = false;
}

Flow::Flow(FlowOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Flow::~Flow() { Drain(absl::Seconds(1)); }

absl::Status Flow::Start() {
  RETURN_IF_ERROR(impl_->Connect());
  impl_->MakeRelay();
  impl_->MakeConsumers();
  impl_->MakeDueLoops();
  impl_->running = true;
  RETURN_IF_ERROR(impl_->Listen());
  impl_->relay->Start();
  // What was committed may be due at once, so the timers look too.
  impl_->options.ledger->OnCommitted([impl = impl_.get()] {
    impl->relay->Wake();
    for (const auto& loop : impl->due_loops) loop->Poke();
  });
  for (const auto& consumer : impl_->consumers) consumer->Start();
  for (const auto& loop : impl_->due_loops) loop->Start();
  impl_->keeper.Start();
  return absl::OkStatus();
}

void Flow::Drain(absl::Duration limit) { impl_->Drain(limit); }

absl::Status Flow::Progress(platform::v1::Progress* progress) {
  const bool leading = impl_->running && impl_->relay->leading();
  // Before the ledger: what is published then is in the ledger now.
  const ShardPositions published = impl_->running ? impl_->relay->published() : ShardPositions{};
  ASSIGN_OR_RETURN(const ShardPositions believed,
                   ReadProgress(impl_->options.ledger->database(), progress));
  progress->set_service(impl_->options.service);
  progress->set_relay_leader(leading);
  progress->clear_published_positions();
  for (int shard = 0; shard < kShards; ++shard) {
    progress->add_published_positions(leading ? std::max(published[shard], believed[shard])
                                              : believed[shard]);
  }
  progress->set_due_timers(0);
  const auto now = impl_->options.ledger->clock().Now();
  if (!now.ok()) return absl::OkStatus();  // a simulated clock that nobody has set yet
  for (const DueWork& work : impl_->options.due_works) {
    ASSIGN_OR_RETURN(const int64_t due, work.count_due(*now));
    progress->set_due_timers(progress->due_timers() + due);
  }
  return absl::OkStatus();
}

DeadLetters& Flow::dead_letters() { return impl_->dead_letters; }

void Flow::PokeDue(const std::string& name) {
  for (const auto& loop : impl_->due_loops) {
    if (loop->work().name == name) loop->Poke();
  }
}

absl::Status Flow::BrokerReady() const {
  const bool up = impl_->relay_connection && impl_->relay_connection->connected() &&
                  impl_->consumer_connection->connected() && impl_->poke_connection->connected();
  return up ? absl::OkStatus() : absl::UnavailableError("the broker does not answer");
}

absl::StatusOr<Flow::StreamLook> Flow::LookAtStream() {
  RETURN_IF_ERROR(BrokerReady());
  const std::string& service = impl_->options.service;
  broker::Connection& connection = *impl_->poke_connection;
  ASSIGN_OR_RETURN(const broker::StreamState state, broker::GetStreamState(connection, service));
  StreamLook look{.bytes = static_cast<int64_t>(state.bytes),
                  .max_bytes = impl_->options.limits.stream_max_bytes};
  if (state.last_seq < state.first_seq || state.last_seq == 0) return look;
  const auto newest = broker::MessageAt(connection, service, state.last_seq);
  if (!newest.ok()) return look;
  const auto decoded = broker::DecodeEvent(newest->message);
  if (!decoded.ok()) return look;
  ASSIGN_OR_RETURN(const std::optional<absl::Time> recorded,
                   RecordedAt(impl_->options.ledger->database(), decoded->event.shard(),
                              decoded->event.position()));
  if (recorded) look.broker_lead = newest->stored - *recorded;
  return look;
}

}  // namespace ieum::flow
