#include "tests/simulator/consumer.h"

#include <algorithm>

#include "fmt/format.h"
#include "tests/simulator/mutant.h"

namespace ieum::flow::simulation {
namespace {

constexpr uint64_t kRewound = 20;  // messages that stand for some minutes of stream
constexpr int64_t kRowsOfAnAnswer = 10;
constexpr uint64_t kNobodysRow = ~uint64_t{0};
// Nearer ones are the broker's to refuse: whoever may publish may lie.
constexpr int kFarMin = 1000, kFarSpread = 1'000'000;
constexpr size_t kLanes = 2;
constexpr int kRoundsOfATick = 50;  // of a brisk process
constexpr size_t kPulledMost = 12;  // deliveries on their way
// Queued at most: the limit, what was on its way when it was reached, and what waited behind holes.
constexpr int kQueuedMost = 40 + 18 + 6 * 8;

}  // namespace

void SimConsumer::KeepLease() {
  if (world_.now < next_renewal_) return;
  next_renewal_ = world_.now + kLeaseRenew;
  if (world_.consumer_lease.Take(index_ + 2 * generation_, world_.now, kLeaseTtl)) {
    held_until_ = world_.now + kLeaseTtl;
  }
}

void SimConsumer::Begin() {
  session_.emplace(inbox_.Load(), world_.now, world_.random.Next());
  session_->memory = inbox_.Begin();
  link_broken_ = true;
  if (world_.tracing) world_.Trace(Name(), "begins");
}

void SimConsumer::Kill() {
  session_.reset();
  ++generation_;
  held_until_ = zombie_until_ = paused_until_ = world_.now;
}

void SimConsumer::BreakLink() {
  link_broken_ = true;
  if (!session_) return;
  session_->arriving.clear();
  session_->next_seq = 0;
}

void SimConsumer::Hear(const Watermark& mark) {
  if (session_) session_->core.OnWatermark(mark, world_.now);
}

void SimConsumer::Step() {
  if (world_.now < paused_until_) return;
  KeepLease();
  if (!Held()) return session_.reset();
  if (!session_) Begin();
  if (world_.brisk) return Brisk();
  switch (world_.Pick(6)) {
    case 0:
      Pull();
      return;
    case 1:
    case 2:
      Arrive();
      return;
    case 3:
      Apply();
      return;
    case 4:
      AnswerLedger();
      return;
    default:
      StepCore();
  }
}

void SimConsumer::Brisk() {
  bool more = true;
  for (int rounds = 0; more && session_ && rounds < kRoundsOfATick; ++rounds) {
    more = StepCore();
    more |= AnswerLedger();
    while (Pull()) more = true;
    while (session_ && Arrive()) more = true;
    while (session_ && Apply()) more = true;
  }
}

// True when something was done.
bool SimConsumer::StepCore() {
  ConsumerCore& core = session_->core;
  if (core.stopped() && !world_.ledger.restored()) {
    inbox_.GoToEpoch(world_.ledger.epoch());
    session_.reset();  // begins anew from the database
    return true;
  }
  if (std::exchange(link_broken_, false)) core.OnConnected(false);
  core.OnConnected(world_.broker_up);
  ConsumerActions actions = core.Step(world_.now);
  for (ReceivedEvent& event : actions.deliver) {
    const Row* row = world_.ledger.At(event.epoch, static_cast<int>(event.envelope.shard()),
                                      event.envelope.position());
    const Task task = TaskOf(row != nullptr ? row->kind : RowKind::kFirstSink);
    session_->queue.Push(std::move(event), task, world_.now);
  }
  if (core.queued() > kQueuedMost) {
    world_.Breach("memory is bounded", fmt::format("{} events queued", core.queued()));
  }
  // What a restore took away looks as if nobody had written it.
  const bool restored = world_.ledger.restored() || world_.ledger.epoch() > 1;
  if (core.forgeries() > session_->forged && !restored) {
    world_.Breach("no false alarm of a forgery", fmt::format("{}", core.forgeries()));
  }
  if (actions.open_pull) OpenPull();
  if (actions.read_ledger) {
    ++questions_;
    if (world_.tracing) {
      world_.Trace(Name(), fmt::format("asks the ledger for {}/{}", actions.read_ledger->shard,
                                       actions.read_ledger->from));
    }
    session_->asked = actions.read_ledger;
  }
  SaveHint();
  return !actions.deliver.empty() || actions.open_pull || actions.read_ledger;
}

void SimConsumer::SaveHint() {
  const ConsumerCore& core = session_->core;
  if (!core.stream_created() || !(world_.brisk || world_.random.Chance(10))) return;
  inbox_.hint.stream_created = core.stream_created();
  inbox_.hint.incarnation = core.incarnation();
  inbox_.hint.resume_seq = core.resume_seq();
}

void SimConsumer::OpenPull() {
  ++pulls_;
  Session& session = *session_;
  session.arriving.clear();
  session.next_seq = 0;
  const bool refused = world_.random.Chance(world_.noise.refused_reads);
  if (!world_.stream_exists || !world_.broker_up || refused) return session.core.OnPullLost();
  const StreamFacts facts = world_.stream.Facts();
  const PullPlan plan = session.core.PlanPull(facts);
  session.next_seq = plan.kind == PullPlan::Kind::kAll ? 1 : std::max<uint64_t>(plan.seq, 1);
  if (plan.kind == PullPlan::Kind::kRewind) {
    session.next_seq -= std::min(session.next_seq - 1, kRewound);
  }
  session.pulled_stream = world_.stream.created();
  const uint64_t from = std::max(session.next_seq, facts.first_seq);
  session.core.OnPullOpened(facts, plan, facts.last_seq + 1 - std::min(from, facts.last_seq + 1));
  if (world_.tracing) world_.Trace(Name(), fmt::format("pulls from {}", session.next_seq));
}

// The broker sends some more.
bool SimConsumer::Pull() {
  if (!session_ || session_->next_seq == 0 || !world_.broker_up) return false;
  Session& session = *session_;
  if (session.arriving.size() >= kPulledMost) return false;
  if (!session.core.pulling() || session.core.queued() > SimConsumerLimits().queue_max)
    return false;
  if (!world_.stream_exists || world_.stream.created() != session.pulled_stream) {
    session.next_seq = 0;
    session.core.OnPullLost();
    return true;
  }
  bool sent = false;
  for (int left = 1 + world_.Pick(5); left > 0; --left) {
    const SimMessage* message = world_.stream.From(session.next_seq);
    if (message == nullptr) break;
    sent = true;
    session.next_seq = message->seq + 1;
    if (world_.random.Chance(world_.noise.drops)) continue;
    auto& arriving = session.arriving;
    arriving.push_back({*message, world_.stream.last_seq() - message->seq});
    if (world_.random.Chance(world_.noise.duplicates)) arriving.push_back(arriving.back());
    if (world_.random.Chance(world_.noise.disorder)) std::swap(arriving.back(), arriving.front());
  }
  return sent;
}

bool SimConsumer::Arrive() {
  Session& session = *session_;
  if (session.arriving.empty()) return false;
  const auto [message, pending] = session.arriving.front();
  session.arriving.pop_front();
  Row row;
  row.id = message.row;
  session.core.OnMessage(message.seq, pending, message.incarnation,
                         EventOf(row, message.epoch, message.spot.shard, message.spot.pos));
  return true;
}

void SimConsumer::Forge(int shard) {
  if (!session_ || session_->next_seq == 0) return;
  ++session_->forged;
  Row row;
  row.id = kNobodysRow;
  const int64_t pos = world_.ledger.last()[shard] + kFarMin + world_.Pick(kFarSpread);
  session_->core.OnMessage(session_->next_seq, 0, 0,
                           EventOf(row, world_.ledger.epoch(), shard, pos));
}

// The producer reads, and its answer takes a while to come.
bool SimConsumer::AnswerLedger() {
  if (!session_) return false;
  if (session_->answer) {
    LedgerAnswer answer = *std::exchange(session_->answer, std::nullopt);
    session_->core.OnLedger(answer.shard, answer.epoch, answer.last, std::move(answer.events));
    return true;
  }
  if (!session_->asked) return false;
  const auto question = *std::exchange(session_->asked, std::nullopt);
  if (world_.random.Chance(world_.noise.refused_reads)) {
    session_->core.OnLedgerFailed();
  } else {
    session_->answer = ReadLedger(question);
  }
  return true;
}

// A restored ledger is read as it stands.
SimConsumer::LedgerAnswer SimConsumer::ReadLedger(
    const ConsumerActions::LedgerQuestion& question) const {
  LedgerAnswer answer;
  answer.shard = question.shard;
  answer.epoch = world_.ledger.epoch();
  answer.last = world_.ledger.last()[question.shard];
  for (int64_t pos = question.from; pos <= answer.last; ++pos) {
    if (static_cast<int64_t>(answer.events.size()) == kRowsOfAnAnswer) break;
    const Row* row = world_.ledger.At(answer.epoch, question.shard, pos);
    if (row == nullptr) continue;
    answer.events.push_back(EventOf(*row, answer.epoch, question.shard, pos));
  }
  return answer;
}

// A lane takes a batch, or ends the one that it has.
bool SimConsumer::Apply() {
  Session& session = *session_;
  if (session.hands.empty() || (session.hands.size() < kLanes && world_.random.Chance(30))) {
    if (auto batch = session.queue.Next(world_.now)) {
      JudgeHand(*batch);
      session.hands.push_back(*std::move(batch));
      return true;
    }
    if (session.hands.empty()) return false;
  }
  const auto hand = session.hands.begin() + world_.Pick(static_cast<int>(session.hands.size()));
  LaneBatch batch = std::move(*hand);
  session.hands.erase(hand);
  const Inbox::Outcome outcome = inbox_.Apply(session.memory, batch);
  if (world_.tracing) {
    static constexpr const char* kWords[] = {"applied", "later", "lost its place", "died"};
    for (const CursorStep& step : batch.steps) {
      world_.Trace(Name(), fmt::format("{}: {}/{}-{}", kWords[static_cast<int>(outcome.kind)],
                                       step.shard, step.first, step.last));
    }
  }
  Settle(std::move(batch), outcome);
  return true;
}

// What failed for the moment may fail for long: it may not hold up others each time.
void SimConsumer::JudgeHand(const LaneBatch& batch) {
  for (const CursorStep& step : absl::MakeConstSpan(batch.steps).subspan(0, batch.events.size())) {
    if (session_->failed[step.shard] && step.shard != batch.steps.front().shard) {
      world_.Breach("what failed for the moment comes again by itself",
                    fmt::format("shard {} beside {}", step.shard, batch.steps.front().shard));
    }
  }
}

void SimConsumer::Settle(LaneBatch batch, const Inbox::Outcome& outcome) {
  using Kind = Inbox::Outcome::Kind;
  if (outcome.kind == Kind::kKilled) return Kill();
  if (outcome.kind == Kind::kLost) return session_.reset();  // begins anew from the database
  for (size_t i = 0; i < batch.steps.size(); ++i) {
    const CursorStep& step = batch.steps[i];
    session_->failed[step.shard] = i >= outcome.applied;
    if (i < outcome.applied) session_->core.OnApplied(step.shard, step.last);
  }
  session_->queue.Settle(std::move(batch), outcome.applied, world_.now);
}

}  // namespace ieum::flow::simulation
