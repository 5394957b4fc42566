#include "platform/flow/consumer_core.h"

#include <algorithm>

namespace ieum::flow {
namespace {

// Grace and staleness are looked at this often; every other input makes Step look at once.
constexpr absl::Duration kLook = absl::Milliseconds(250);
constexpr int kLooksPerGrace = 10;

}  // namespace

ConsumerCore::ConsumerCore(const InboxState& state, const ConsumerLimits& limits, Instant now,
                           uint64_t seed)
    : limits_(limits),
      pull_backoff_(limits.retry_min, limits.retry_max, seed),
      pull_retry_at_(now),
      came_at_(now),
      stream_created_(state.stream_created),
      incarnation_(state.incarnation),
      resume_(state.resume_seq),
      ledger_backoff_(limits.retry_min, limits.retry_max, seed + 1),
      ledger_retry_at_(now),
      next_probe_(now),
      next_look_(now),
      last_step_(now),
      mark_at_(now) {
  for (int i = 0; i < kShards; ++i) {
    shards_[i].epoch = state.cursors[i].epoch;
    shards_[i].taken = shards_[i].applied = state.cursors[i].pos;
  }
}

void ConsumerCore::OnConnected(bool connected) {
  if (!connected && pull_ != Pull::kWanted) OnPullLost();
  connected_ = connected;
}

PullPlan ConsumerCore::PlanPull(const StreamFacts& facts) const {
  const uint64_t resume = resume_seq();
  // Another stream under the same name: its sequences say nothing to us.
  if (resume == 0 || stream_created_ != facts.created) return {PullPlan::Kind::kAll, 0};
  if (facts.last_seq + 1 < resume) return {PullPlan::Kind::kRewind, facts.last_seq};
  if (rewind_) return {PullPlan::Kind::kRewind, std::min(resume, facts.last_seq)};
  return {PullPlan::Kind::kSequence, resume};
}

void ConsumerCore::OnPullOpened(const StreamFacts& facts, const PullPlan& plan, uint64_t pending) {
  if (pull_ != Pull::kOpening) return;
  if (stream_created_ != facts.created) {
    for (Shard& shard : shards_) {
      for (auto& [pos, seq] : shard.unapplied) seq = 0;  // of the stream that is gone
    }
  }
  stream_created_ = facts.created;
  resume_ = plan.kind == PullPlan::Kind::kAll ? 1 : std::max<uint64_t>(plan.seq, 1);
  rewind_ = false;
  pending_ = pending;
  pull_ = Pull::kOpen;
  pull_backoff_.Reset();
}

// A lost link may have lost what was delivered: the next pull begins at the first unapplied.
void ConsumerCore::OnPullLost() {
  pull_ = Pull::kWanted;
  pull_failed_ = true;
  pending_ = 0;
}

// True when the event is of an epoch that we cannot go on with.
bool ConsumerCore::Stopping(const Shard& shard, int64_t epoch) {
  if (shard.epoch != 0 && epoch > shard.epoch) stopped_epoch_ = std::max(stopped_epoch_, epoch);
  return stopped();
}

void ConsumerCore::OnForeign(uint64_t seq, uint64_t pending) {
  resume_ = seq + 1;
  pending_ = pending;
}

void ConsumerCore::OnMessage(uint64_t seq, uint64_t pending, int64_t incarnation,
                             ReceivedEvent event) {
  Shard& shard = shards_[event.envelope.shard()];
  // Not passed over: whoever goes on after the comparison needs it.
  if (Stopping(shard, event.epoch) || behind_) return;
  OnForeign(seq, pending);
  Incarnated(incarnation);
  const int64_t pos = event.envelope.position();
  if (pos <= shard.taken || event.epoch < shard.epoch) {
    ++repeats_;
    return;
  }
  if (pos == shard.taken + 1) {
    Take(shard, seq, std::move(event));
    TakeAhead(shard);
    return;
  }
  shard.wants_ledger = true;
  if (static_cast<int>(shard.ahead.size()) < limits_.ahead_max) {
    // An answer that is on its way may not know this one yet.
    shard.ahead_when_asked = std::min(shard.ahead_when_asked, pos - 1);
    shard.ahead.emplace(pos, Ahead{seq, std::move(event)});
  }
}

void ConsumerCore::Take(Shard& shard, uint64_t seq, ReceivedEvent event) {
  shard.epoch = event.epoch;
  shard.taken = event.envelope.position();
  shard.unapplied.emplace_back(shard.taken, seq);
  deliveries_.push_back(std::move(event));
}

void ConsumerCore::TakeAhead(Shard& shard) {
  while (!shard.ahead.empty() && shard.ahead.begin()->first <= shard.taken + 1) {
    auto next = shard.ahead.extract(shard.ahead.begin());
    const int64_t epoch = next.mapped().event.epoch;
    if (next.key() <= shard.taken || epoch < shard.epoch) continue;
    // It came before the shard had an epoch, and the hole was filled from an older one.
    if (Stopping(shard, epoch)) return;
    Take(shard, next.mapped().seq, std::move(next.mapped().event));
  }
  if (shard.ahead.empty()) shard.wants_ledger = false;
}

// The ledger was asked after these came, and ends before them: nobody wrote them.
void ConsumerCore::DropForgeries(Shard& shard, int64_t last_position) {
  for (auto it = shard.ahead.upper_bound(last_position); it != shard.ahead.end();) {
    if (it->first > shard.ahead_when_asked) break;
    it = shard.ahead.erase(it);
    ++forgeries_;
  }
}

void ConsumerCore::OnLedger(int number, int64_t epoch, int64_t last_position,
                            std::vector<ReceivedEvent> events) {
  Shard& shard = shards_[number];
  if (epoch < shard.epoch) return OnLedgerFailed();  // restored, and nobody has said so yet
  asking_ledger_ = false;
  ledger_backoff_.Reset();
  if (Stopping(shard, epoch)) return;
  // What was taken before the question was asked had been committed: now it is not there any more.
  behind_ |= last_position < shard.taken_when_asked;
  if (behind_) {
    shard.wants_ledger = false;
    return;
  }
  shard.behind_since.reset();
  const int64_t before = shard.taken;
  for (ReceivedEvent& event : events) {
    if (event.envelope.position() == shard.taken + 1) Take(shard, 0, std::move(event));
  }
  repairs_ += shard.taken > before;
  TakeAhead(shard);
  DropForgeries(shard, last_position);
  // Go on here only where the stream does not bring the rest by itself.
  const bool more = last_position > shard.taken;
  const bool alone = pull_ != Pull::kOpen || pending_ == 0;
  shard.wants_ledger = !shard.ahead.empty() || (more && alone && shard.taken > before);
}

void ConsumerCore::OnLedgerFailed() {
  asking_ledger_ = false;
  ledger_failed_ = true;
}

void ConsumerCore::OnApplied(int number, int64_t pos) {
  Shard& shard = shards_[number];
  shard.applied = std::max(shard.applied, pos);
  while (!shard.unapplied.empty() && shard.unapplied.front().first <= pos) {
    shard.unapplied.pop_front();
  }
}

void ConsumerCore::OnWatermark(const Watermark& mark, Instant now) {
  mark_ = mark;
  mark_at_ = now;
  Incarnated(mark.incarnation);
  for (int i = 0; i < kShards; ++i) {
    Shard& shard = shards_[i];
    Stopping(shard, mark.epoch);
    // One mark later what had been taken must be in it. The ledger knows whether it really is gone.
    if (mark.epoch == shard.epoch && mark.pos[i] < shard.taken_at_mark) shard.wants_ledger = true;
    shard.taken_at_mark = shard.taken;
  }
}

// The broker was found to have lost something, and it was published again.
void ConsumerCore::Incarnated(int64_t incarnation) {
  if (incarnation <= incarnation_) return;
  const bool known_before = resume_ > 1 && stream_created_;
  incarnation_ = incarnation;
  if (!known_before || pull_ == Pull::kOpening) return;
  rewind_ = true;
  pull_ = Pull::kWanted;
}

ConsumerActions ConsumerCore::Step(Instant now) {
  ConsumerActions out;
  out.deliver = std::exchange(deliveries_, {});
  last_step_ = now;
  next_look_ = now + std::min(kLook, limits_.behind_grace / kLooksPerGrace);
  if (stopped()) return out;
  out.open_pull = OpensPull(now);
  LookForTails(now);
  out.read_ledger = AsksLedger(now);
  return out;
}

bool ConsumerCore::OpensPull(Instant now) {
  if (std::exchange(pull_failed_, false)) pull_retry_at_ = now + pull_backoff_.Next();
  if (!connected_ || pull_ != Pull::kWanted || now < pull_retry_at_) return false;
  pull_ = Pull::kOpening;
  return true;
}

bool ConsumerCore::BrokerIsAbsent(Instant now) const {
  return now - mark_at_ >= limits_.mark_stale;
}

// The broker said so with the last message. But a delivery may vanish on its way, and when it was
// the last one nothing else will ever say that it is missing.
bool ConsumerCore::MoreIsComing(Instant now) {
  if (pull_ != Pull::kOpen || pending_ == 0 || resume_ != resume_looked_at_) came_at_ = now;
  resume_looked_at_ = resume_;
  return pull_ == Pull::kOpen && pending_ > 0 && now - came_at_ < limits_.mark_stale;
}

// A lost tail shows no hole: the watermark tells, and where no watermark comes any more the ledger
// itself is asked from time to time.
void ConsumerCore::LookForTails(Instant now) {
  if (BrokerIsAbsent(now)) {
    if (now < next_probe_) return;
    next_probe_ = now + limits_.probe_interval;
    for (Shard& shard : shards_) shard.wants_ledger = true;
    return;
  }
  if (!mark_) return;
  const bool more = MoreIsComing(now);
  for (int i = 0; i < kShards; ++i) {
    Shard& shard = shards_[i];
    if (mark_->pos[i] <= shard.taken || more) {
      shard.behind_since.reset();
      continue;
    }
    if (!shard.behind_since || shard.behind_at != shard.taken) {
      shard.behind_since = now;
      shard.behind_at = shard.taken;
    }
    if (now - *shard.behind_since >= limits_.behind_grace) shard.wants_ledger = true;
  }
}

std::optional<ConsumerActions::LedgerQuestion> ConsumerCore::AsksLedger(Instant now) {
  if (std::exchange(ledger_failed_, false)) ledger_retry_at_ = now + ledger_backoff_.Next();
  if (asking_ledger_ || now < ledger_retry_at_) return std::nullopt;
  if (queued() + limits_.repair_events_max > limits_.queue_max) return std::nullopt;
  for (int i = 0; i < kShards; ++i) {
    const int number = (next_shard_ + i) % kShards;
    Shard& shard = shards_[number];
    if (!shard.wants_ledger) continue;
    next_shard_ = (number + 1) % kShards;
    asking_ledger_ = true;
    shard.ahead_when_asked = shard.ahead.empty() ? 0 : shard.ahead.rbegin()->first;
    shard.taken_when_asked = shard.taken;
    return ConsumerActions::LedgerQuestion{number, shard.taken + 1};
  }
  return std::nullopt;
}

int ConsumerCore::queued() const {
  int64_t count = 0;
  for (const Shard& shard : shards_) count += shard.taken - shard.applied;
  return static_cast<int>(count);
}

int64_t ConsumerCore::lag() const {
  int64_t lag = 0;
  for (int i = 0; mark_ && i < kShards; ++i) {
    lag += std::max<int64_t>(0, mark_->pos[i] - shards_[i].applied);
  }
  return lag;
}

Instant ConsumerCore::NextDeadline() const {
  Instant next = next_look_;
  if (pull_retry_at_ > last_step_) next = std::min(next, pull_retry_at_);
  if (ledger_retry_at_ > last_step_) next = std::min(next, ledger_retry_at_);
  return next;
}

uint64_t ConsumerCore::resume_seq() const {
  uint64_t resume = resume_;
  for (const Shard& shard : shards_) {
    for (const auto& [pos, seq] : shard.unapplied) {
      if (seq == 0) continue;
      resume = std::min(resume, seq);
      break;
    }
  }
  return resume;
}

}  // namespace ieum::flow
