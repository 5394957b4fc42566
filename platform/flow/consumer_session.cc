#include "platform/flow/consumer_session.h"

#include <map>
#include <random>

#include "platform/base/status.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/stream.h"
#include "platform/flow/inbox_store.h"
#include "platform/telemetry/log.h"

namespace ieum::flow {
namespace {

telemetry::Labels Processing(const std::string& producer) {
  return {{"producer", producer},
          {"messaging_system", "nats"},
          {"messaging_operation_name", "process"},
          {"messaging_destination_template", "ev." + producer + ".s*"}};
}

ReceivedEvent Received(const std::string& producer, int64_t epoch,
                       platform::v1::LedgerEvent envelope) {
  ReceivedEvent event;
  event.producer = producer;
  event.epoch = epoch;
  event.envelope = std::move(envelope);
  return event;
}

}  // namespace

ConsumerMetrics::ConsumerMetrics(telemetry::Metrics& metrics, const std::string& producer)
    : consumed(metrics.Counter("messaging_client_consumed_messages_total", "Events applied",
                               Processing(producer))),
      dead_letters(metrics.Counter("ieum_dead_letters_total", "Events that could not be applied",
                                   {{"producer", producer}})),
      repairs(metrics.Counter("ieum_inbox_repairs_total", "Runs read from the producer's ledger",
                              {{"producer", producer}})),
      repeats(metrics.Counter("ieum_inbox_repeats_total",
                              "Deliveries that were dropped because their event was known",
                              {{"producer", producer}})),
      undecodable(metrics.Counter("ieum_inbox_undecodable_total",
                                  "Messages in the stream that are no events",
                                  {{"producer", producer}})),
      lag(metrics.Gauge("ieum_inbox_position_lag", "Events behind the producer's ledger",
                        {{"producer", producer}})),
      stopped(metrics.Gauge("ieum_inbox_stopped",
                            "1 = the producer was restored; nothing is applied",
                            {{"producer", producer}})),
      epochs(metrics.Counter("ieum_inbox_epochs_total",
                             "New epochs of the producer that were gone over to",
                             {{"producer", producer}})),
      vanished(metrics.Counter("ieum_inbox_vanished_events_total",
                               "Events that had been applied and are not in the producer's ledger "
                               "any more",
                               {{"producer", producer}})),
      process_seconds(metrics.Seconds("messaging_process_duration_seconds",
                                      "Duration of one transaction that applied events",
                                      Processing(producer))) {}

ConsumerSession::ConsumerSession(const ConsumerOptions& options, const ConsumerMetrics& metrics,
                                 Mailbox& mailbox, const InboxState& state,
                                 const absl::flat_hash_set<base::Uuid>& parked)
    : options_(options),
      metrics_(metrics),
      mailbox_(mailbox),
      core_(state, options.limits, MonotonicNow(), std::random_device{}()),
      window_(options.limits),
      saved_resume_(state.resume_seq),
      next_housekeeping_(MonotonicNow() + options.limits.housekeeping),
      fetcher_(std::make_unique<LogFetcher>(options.log_reader, options.producer)) {
  MakeLanes(state, parked);
}

// Nobody may leave a letter behind: first those who write end, then the letters are read. What the
// lanes have applied still counts.
ConsumerSession::~ConsumerSession() {
  puller_.reset();
  fetcher_.reset();
  lanes_.reset();
  for (const auto& letter : mailbox_.Take(absl::ZeroDuration())) letter();
  Housekeep(MonotonicNow());
}

void ConsumerSession::MakeLanes(const InboxState& state,
                                const absl::flat_hash_set<base::Uuid>& parked) {
  Lanes::Options lanes;
  lanes.subscriptions = options_.subscriptions;
  lanes.on_lost = [this] { mailbox_.Post([this] { lost_ = true; }); };
  lanes.applier.producer = options_.producer;
  lanes.applier.ledger = options_.ledger;
  lanes.applier.limits = options_.limits;
  lanes.applier.on_applied = [this](absl::Span<const CursorStep> steps) { Tell(steps); };
  lanes.applier.seconds = &metrics_.process_seconds;
  lanes.applier.on_dead_letter = [this] { metrics_.dead_letters.Increment(); };
  ConsumerMemory memory;
  for (int shard = 0; shard < kShards; ++shard) {
    memory[shard].check_hash = state.cursors[shard].check_hash;
  }
  for (const base::Uuid& aggregate : parked) memory[aggregate.shard()].parked.insert(aggregate);
  lanes_ = std::make_unique<Lanes>(std::move(lanes), std::move(memory));
}

// On a lane's thread. How far each shard is, is enough.
void ConsumerSession::Tell(absl::Span<const CursorStep> steps) {
  std::map<int, int64_t> last;
  int64_t events = 0;
  for (const CursorStep& step : steps) {
    events += step.last - step.first + 1;
    last[step.shard] = step.last;
  }
  metrics_.consumed.Increment(static_cast<double>(events));
  mailbox_.Post([this, last = std::move(last)] {
    for (const auto& [shard, pos] : last) core_.OnApplied(shard, pos);
  });
}

void ConsumerSession::Run(const std::function<bool()>& go_on) {
  while (go_on() && !lost_ && !core_.stopped()) {
    for (const auto& letter : mailbox_.Take(core_.NextDeadline() - MonotonicNow())) letter();
    if (Work()) mailbox_.Rest(options_.limits.breath);
  }
}

void ConsumerSession::OnWatermark(const Watermark& mark) {
  core_.OnWatermark(mark, MonotonicNow());
}

bool ConsumerSession::Work() {
  WatchConnection();
  const bool came = TakeArrivals();
  ConsumerActions actions = core_.Step(MonotonicNow());
  lanes_->Push(std::move(actions.deliver));
  if (actions.open_pull) OpenPull();
  if (actions.read_ledger) ReadLedger(*actions.read_ledger);
  const Instant now = MonotonicNow();
  KeepPulling(now);
  if (now >= next_housekeeping_) Housekeep(now);
  return came;
}

bool ConsumerSession::TakeArrivals() {
  std::vector<broker::Delivery> deliveries;
  {
    std::lock_guard<std::mutex> lock(arrivals_->mutex);
    deliveries.swap(arrivals_->deliveries);
  }
  for (broker::Delivery& delivery : deliveries) OnDelivery(std::move(delivery));
  return !deliveries.empty();
}

void ConsumerSession::WatchConnection() {
  const uint64_t generation = options_.connection->generation();
  if (generation != generation_) core_.OnConnected(false);
  generation_ = generation;
  core_.OnConnected(options_.connection->connected());
}

void ConsumerSession::OpenPull() {
  const absl::Status status = TryOpenPull();
  if (status.ok()) return;
  telemetry::Warn(
      "the stream cannot be pulled yet",
      {{"producer", options_.producer}, {"error", absl::StatusCodeToString(status.code())}});
  core_.OnPullLost();
}

absl::Status ConsumerSession::TryOpenPull() {
  puller_.reset();
  arrivals_ = std::make_shared<Arrivals>();
  ASSIGN_OR_RETURN(const broker::StreamState state,
                   broker::GetStreamState(*options_.connection, options_.producer));
  const StreamFacts facts{state.created, state.first_seq, state.last_seq};
  const PullPlan plan = core_.PlanPull(facts);
  ASSIGN_OR_RETURN(const broker::PullStart start, StartOf(plan));
  uint64_t pending = 0;
  ASSIGN_OR_RETURN(puller_,
                   broker::Puller::Open(
                       *options_.connection, options_.producer, start,
                       [arrivals = arrivals_, &mailbox = mailbox_](broker::Delivery delivery) {
                         bool first = false;
                         {
                           std::lock_guard<std::mutex> lock(arrivals->mutex);
                           first = arrivals->deliveries.empty();
                           arrivals->deliveries.push_back(std::move(delivery));
                         }
                         if (first) mailbox.Nudge();
                       },
                       &pending, broker::Puller::Read::kEvents));
  window_.Opened(MonotonicNow());
  core_.OnPullOpened(facts, plan, pending);
  return absl::OkStatus();
}

absl::StatusOr<broker::PullStart> ConsumerSession::StartOf(const PullPlan& plan) const {
  using Kind = broker::PullStart::Kind;
  if (plan.kind == PullPlan::Kind::kSequence) return broker::PullStart{Kind::kSequence, plan.seq};
  if (plan.kind == PullPlan::Kind::kAll) return broker::PullStart{};
  const auto at = broker::MessageAt(*options_.connection, options_.producer, plan.seq);
  if (absl::IsNotFound(at.status())) return broker::PullStart{};
  RETURN_IF_ERROR(at.status());
  return broker::PullStart{Kind::kTime, 0, at->stored - options_.limits.rewind};
}

void ConsumerSession::OnDelivery(broker::Delivery delivery) {
  window_.OnDelivery(delivery, MonotonicNow());
  if (delivery.kind == broker::Delivery::Kind::kGone) core_.OnPullLost();
  if (delivery.kind != broker::Delivery::Kind::kMessage) return;
  auto& decoded = delivery.event;
  if (!decoded || decoded->origin.service != options_.producer) {
    // It has no position that could be missed; if it stands for one, the hole will tell.
    metrics_.undecodable.Increment();
    core_.OnForeign(delivery.seq, delivery.pending);
    return;
  }
  core_.OnMessage(delivery.seq, delivery.pending, decoded->origin.incarnation,
                  Received(options_.producer, decoded->origin.epoch, std::move(decoded->event)));
}

void ConsumerSession::KeepPulling(Instant now) {
  if (!core_.pulling() || !puller_) return;
  if (window_.Silent(now)) return core_.OnPullLost();
  const ConsumerLimits& limits = options_.limits;
  for (int wanted = window_.Wanted(core_.queued(), now); wanted > 0; --wanted) {
    const auto number = puller_->Ask(
        {limits.pull_batch, limits.pull_bytes, limits.pull_expires, limits.pull_heartbeat});
    if (!number.ok()) return core_.OnPullLost();
    window_.Asked(*number, now);
  }
}

void ConsumerSession::ReadLedger(const ConsumerActions::LedgerQuestion& question) {
  const int shard = question.shard;
  fetcher_->Ask(shard, question.from, options_.limits.repair_events_max,
                [this, shard](LogFetcher::Answer answer) {
                  mailbox_.Post([this, shard, answer = std::move(answer)]() mutable {
                    OnLedgerAnswer(shard, std::move(answer));
                  });
                });
}

void ConsumerSession::OnLedgerAnswer(int shard, LogFetcher::Answer answer) {
  if (!answer.ok()) return core_.OnLedgerFailed();
  std::vector<ReceivedEvent> events;
  for (auto& event : *answer->mutable_events()) {
    events.push_back(Received(options_.producer, answer->epoch(), std::move(event)));
  }
  core_.OnLedger(shard, answer->epoch(), answer->last_position(), std::move(events));
}

void ConsumerSession::Housekeep(Instant now) {
  next_housekeeping_ = now + options_.limits.housekeeping;
  ShowState();
  const uint64_t resume = core_.resume_seq();
  if (resume == saved_resume_ || !core_.stream_created()) return;
  if (SaveStreamHint(options_.ledger->database(), options_.producer, core_.stream_created(),
                     core_.incarnation(), resume)
          .ok()) {
    saved_resume_ = resume;
  }
}

void ConsumerSession::ShowState() {
  metrics_.lag.Set(static_cast<double>(core_.lag()));
  metrics_.repairs.Increment(static_cast<double>(core_.repairs() - known_repairs_));
  known_repairs_ = core_.repairs();
  metrics_.repeats.Increment(static_cast<double>(core_.repeats() - known_repeats_));
  known_repeats_ = core_.repeats();
  metrics_.stopped.Set(core_.stopped() || core_.ledger_is_behind() ? 1 : 0);
  if (!core_.ledger_is_behind() || std::exchange(told_behind_, true)) return;
  telemetry::Error(
      "the producer's ledger lacks what was applied here: it was restored; nothing of it is "
      "applied until an operator declares its new epoch",
      {{"producer", options_.producer}});
}

}  // namespace ieum::flow
