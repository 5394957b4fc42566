#include "platform/flow/relay.h"

#include <random>

#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/stream.h"
#include "platform/flow/relay_store.h"
#include "platform/flow/watermark.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

constexpr int kViewTries = 10;  // of a stream whose end moves while it is read

bool SameBeliefs(const Beliefs& a, const Beliefs& b) {
  for (int shard = 0; shard < kShards; ++shard) {
    if (a[shard].pos != b[shard].pos || a[shard].incarnation != b[shard].incarnation ||
        a[shard].epoch != b[shard].epoch) {
      return false;
    }
  }
  return true;
}

// A message that nobody of us wrote, or of another shard, is as good as none.
StreamView::Last EventOf(const broker::StoredMessage& stored, int shard) {
  const auto decoded = broker::DecodeEvent(stored.message);
  if (!decoded.ok() || decoded->event.shard() != shard) return {};
  return {true, decoded->origin.epoch, decoded->event.position(), decoded->origin.incarnation,
          stored.seq};
}

}  // namespace

Relay::Relay(RelayOptions options)
    : options_(std::move(options)),
      core_(options_.service, options_.limits, std::random_device{}()),
      watch_(options_.service, *options_.metrics),
      losses_(options_.metrics->Counter("ieum_broker_losses_total",
                                        "Times that the broker had lost acknowledged events")),
      lag_events_(options_.metrics->Gauge("ieum_outbox_lag_events",
                                          "Events in the ledger and not yet in the stream")),
      oldest_seconds_(
          options_.metrics->Gauge("ieum_outbox_oldest_seconds", "Age of the oldest of them")),
      stopped_(options_.metrics->Gauge("ieum_relay_stopped",
                                       "1 = the ledger is behind the stream; raise its epoch")) {}

Relay::~Relay() { Drain(absl::ZeroDuration()); }

void Relay::Start() {
  publisher_ =
      std::make_unique<broker::Publisher>(*options_.connection, [this] { mailbox_.Nudge(); });
  thread_ = std::thread([this] { Run(); });
}

void Relay::Wake() {
  if (!woken_.exchange(true)) mailbox_.Nudge();
}

void Relay::Drain(absl::Duration limit) {
  if (!thread_.joinable()) return;
  mailbox_.Post([this, limit] {
    next_housekeeping_ = drain_until_ = MonotonicNow() + limit;
    draining_ = true;
    core_.Wake();
  });
  thread_.join();
  leading_ = false;
}

ShardPositions Relay::published() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return published_;
}

void Relay::Run() {
  while (true) {
    const Instant wake = std::min(core_.NextDeadline(), next_housekeeping_);
    if (2 * core_.in_flight() >= options_.limits.max_in_flight) {
      mailbox_.Rest(options_.limits.breath);
    }
    for (const auto& letter : mailbox_.Take(wake - MonotonicNow())) letter();
    // Until nothing is left to do at once: an action's answer may ask for the next action.
    while (true) {
      TellCore();
      const RelayActions actions = core_.Step(MonotonicNow());
      if (actions.empty()) break;
      Execute(actions);
    }
    ShowPublished();
    ShowStopped();
    const Instant now = MonotonicNow();
    if (now >= next_housekeeping_) Housekeep(now);
    if (draining_ && Drained(now)) return;
  }
}

bool Relay::Drained(Instant now) const {
  return now >= drain_until_ || !leading_ || !options_.connection->connected() || core_.Flushed();
}

void Relay::ShowPublished() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (int shard = 0; shard < kShards; ++shard) published_[shard] = core_.beliefs()[shard].pos;
}

void Relay::TellCore() {
  const bool held = options_.lease->held();
  core_.OnLease(held, options_.lease->term());
  const uint64_t generation = options_.connection->generation();
  if (generation != generation_) core_.OnConnected(false);
  generation_ = generation;
  core_.OnConnected(options_.connection->connected());
  TakeAnswers();
  leading_ = held;
  if (!woken_.exchange(false)) return;
  core_.Wake();
  // The leader is another process: tell it.
  if (!held) (void)options_.connection->Publish({.subject = broker::WakeSubject(options_.service)});
}

void Relay::Execute(const RelayActions& actions) {
  if (actions.forget) {
    publisher_->Forget();
    watch_.Forget();
    for (auto& events : read_) events.clear();
  }
  absl::Status status;
  if (actions.read_stream) status.Update(ReadStream());
  if (actions.save_beliefs) {
    status.Update(SaveBeliefs(*options_.database, core_.beliefs(), /*now=*/true));
    if (status.ok()) core_.OnBeliefsSaved();
  }
  for (const auto& publication : actions.publish) {
    if (status.ok()) status.Update(Publish(publication));
  }
  if (actions.read_ledger && status.ok()) status.Update(ReadLedger(*actions.read_ledger));
  if (status.ok()) return;
  telemetry::Warn("relay in trouble; it reads the stream again",
                  {{"error", std::string_view(status.message().data(), status.message().size())}});
  core_.OnTrouble();
}

// The stream's end is read before and after its last messages; only when nothing came in between
// do they belong together.
absl::StatusOr<StreamView> Relay::ViewOfStream() {
  const std::string& service = options_.service;
  broker::Connection& connection = *options_.connection;
  ASSIGN_OR_RETURN(broker::StreamState before,
                   broker::EnsureStream(connection, service, options_.stream_max_bytes));
  for (int tries = 0; tries < kViewTries; ++tries) {
    StreamView view;
    for (int shard = 0; shard < kShards; ++shard) {
      ASSIGN_OR_RETURN(
          const auto last,
          broker::LastOnSubject(connection, service, broker::EventSubject(service, shard)));
      if (last) view.last[shard] = EventOf(*last, shard);
    }
    ASSIGN_OR_RETURN(const broker::StreamState after, broker::GetStreamState(connection, service));
    view.first_seq = after.first_seq;
    view.last_seq = after.last_seq;
    if (after.last_seq == before.last_seq && after.created == before.created) return view;
    before = after;
  }
  return absl::UnavailableError("somebody else publishes into the stream");
}

absl::Status Relay::ReadDoubts(TakeOver* read) {
  const auto seqs = core_.Doubts(*read);
  for (int shard = 0; shard < kShards; ++shard) {
    if (seqs[shard] == 0) continue;
    const auto stored = broker::MessageAt(*options_.connection, options_.service, seqs[shard]);
    if (stored.ok()) {
      read->stream.believed[shard] = EventOf(*stored, shard);
      continue;
    }
    if (!absl::IsNotFound(stored.status())) return stored.status();
    // Lost, or grown too old since the stream was looked at.
    ASSIGN_OR_RETURN(const broker::StreamState now,
                     broker::GetStreamState(*options_.connection, options_.service));
    read->stream.first_seq = now.first_seq;
  }
  return absl::OkStatus();
}

absl::Status Relay::ReadStream() {
  IEUM_FAILPOINT("relay.before_take_over");
  TakeOver read;
  // The beliefs before the stream: what another leader comes to know meanwhile is not lost.
  ASSIGN_OR_RETURN(read.beliefs, LoadBeliefs(*options_.database));
  ASSIGN_OR_RETURN(read.stream, ViewOfStream());
  // The ledger after the stream: what was published was committed before.
  ASSIGN_OR_RETURN(read.ledger, ReadHead(*options_.database));
  ASSIGN_OR_RETURN(read.refill_from, FirstSince(*options_.database, read.ledger,
                                                absl::Now() - broker::kStreamMaxAge));
  RETURN_IF_ERROR(ReadDoubts(&read));
  core_.OnTakeOver(read);
  return absl::OkStatus();
}

absl::Status Relay::ReadLedger(const ShardPositions& from) {
  ASSIGN_OR_RETURN(LedgerNews news,
                   ReadNews(*options_.database, from, options_.limits.read_events_max,
                            options_.limits.read_bytes_max));
  std::vector<Spot> rows;
  rows.reserve(news.events.size());
  for (auto& event : news.events) {
    rows.push_back({event.shard(), event.position()});
    read_[event.shard()].push_back(std::move(event));
  }
  core_.OnLedger(news.head, rows);
  return absl::OkStatus();
}

absl::Status Relay::Publish(const RelayActions::Publication& publication) {
  auto& events = read_[publication.spot.shard];
  if (events.empty() || events.front().position() != publication.spot.pos) {
    return absl::InternalError("the relay has lost its place");
  }
  const platform::v1::LedgerEvent event = std::move(events.front());
  events.pop_front();
  IEUM_FAILPOINT("publish.before");
  watch_.Sent(publication.token, event);
  RETURN_IF_ERROR(publisher_->PublishEvent(
      publication.token, event,
      {options_.service, core_.epoch(), core_.term(), core_.incarnation()}, publication.chain));
  IEUM_FAILPOINT("publish.after");
  return absl::OkStatus();
}

void Relay::TakeAnswers() {
  for (const broker::PublishAnswer& answer : publisher_->TakeAnswers()) {
    if (answer.kind == broker::PublishAnswer::Kind::kStored) {
      IEUM_FAILPOINT("publish.before_ack_taken");
      core_.OnStored(answer.token, answer.seq);
      IEUM_FAILPOINT("publish.after_ack_taken");
      watch_.Stored(answer.token, answer.duplicate);
      continue;
    }
    telemetry::Warn("publish refused", {{"error", answer.error}});
    core_.OnTrouble();
    return;
  }
}

void Relay::Housekeep(Instant now) {
  next_housekeeping_ = now + options_.limits.housekeeping;
  ShowTrouble();
  ShowLag();
  if (!core_.leading()) return;
  if (!SameBeliefs(saved_, core_.beliefs()) &&
      SaveBeliefs(*options_.database, core_.beliefs(), /*now=*/false).ok()) {
    saved_ = core_.beliefs();
  }
  BroadcastWatermark();
}

void Relay::BroadcastWatermark() {
  const Watermark mark{core_.epoch(), core_.incarnation(), core_.ledger_last(), core_.last_seq()};
  (void)options_.connection->Publish(
      {.subject = broker::MarkSubject(options_.service), .payload = EncodeWatermark(mark)});
}

// The leader's to tell, and most of all while the broker is away.
void Relay::ShowLag() {
  ShardPositions next{};
  int64_t lag = 0;
  if (leading_) {
    Beliefs published = core_.beliefs();
    ShardPositions last = core_.ledger_last();
    if (!core_.leading()) {
      const auto head = ReadHead(*options_.database);
      const auto beliefs = LoadBeliefs(*options_.database);
      if (!head.ok() || !beliefs.ok()) return;
      last = head->last;
      published = *beliefs;
    }
    for (int shard = 0; shard < kShards; ++shard) {
      next[shard] = published[shard].pos + 1;
      lag += std::max<int64_t>(0, last[shard] - published[shard].pos);
    }
  }
  lag_events_.Set(static_cast<double>(lag));
  const auto age = lag > 0 ? AgeOfOldest(*options_.database, next)
                           : absl::StatusOr<absl::Duration>(absl::ZeroDuration());
  if (age.ok()) oldest_seconds_.Set(absl::ToDoubleSeconds(*age));
}

void Relay::ShowTrouble() {
  if (core_.losses() != known_losses_) {
    losses_.Increment(static_cast<double>(core_.losses() - known_losses_));
    telemetry::Error("the broker had lost acknowledged events; they are published again",
                     {{"incarnation", core_.incarnation()}});
  }
  known_losses_ = core_.losses();
}

void Relay::ShowStopped() {
  if (was_stopped_.exchange(core_.stopped()) == core_.stopped()) return;
  stopped_.Set(core_.stopped() ? 1 : 0);
  if (!core_.stopped()) return;
  telemetry::Error(
      "the ledger is behind the stream: it was restored; nothing is published until an operator "
      "declares its new epoch");
}

}  // namespace ieum::flow
