#include "platform/flow/relay_core.h"

#include <algorithm>

#include "fmt/format.h"

namespace ieum::flow {

RelayCore::RelayCore(std::string service, const RelayLimits& limits, uint64_t seed)
    : service_(std::move(service)),
      limits_(limits),
      random_(seed),
      backoff_(limits.retry_min, limits.retry_max, seed) {}

void RelayCore::OnLease(bool leader, int64_t term) {
  if (leader && leader_ && term != term_) trouble_ = true;  // lost and won again in between
  leader_ = leader;
  term_ = term;
}

void RelayCore::OnConnected(bool connected) {
  if (!connected && phase_ != Phase::kResting) trouble_ = true;
  connected_ = connected;
}

// What is known to have been in the stream: to the database, and to this process.
Belief RelayCore::Known(int shard, const TakeOver& read) const {
  const int64_t epoch = read.ledger.epoch;
  Belief known = read.beliefs[shard];
  if (known.epoch < epoch) known = {};  // positions of another epoch say nothing
  if (published_[shard].epoch == epoch && published_[shard].pos > known.pos) {
    known = published_[shard];
  }
  return known;
}

std::array<uint64_t, kShards> RelayCore::Doubts(const TakeOver& read) const {
  std::array<uint64_t, kShards> seqs{};
  for (int shard = 0; shard < kShards; ++shard) {
    const StreamView::Last& last = read.stream.last[shard];
    const Belief known = Known(shard, read);
    const bool told = last.found && last.epoch == known.epoch && last.pos >= known.pos;
    const bool kept = known.seq >= read.stream.first_seq && known.seq <= read.stream.last_seq;
    if (known.pos > 0 && !told && kept) seqs[shard] = known.seq;
  }
  return seqs;
}

// What one shard's end in the stream says, and where to go on. `now_in_stream` gets what the relay
// may believe from here on.
RelayCore::Finding RelayCore::Assess(int shard, const TakeOver& read, Belief* now_in_stream) {
  const StreamView::Last& last = read.stream.last[shard];
  const StreamView::Last& believed = read.stream.believed[shard];
  const int64_t epoch = read.ledger.epoch, ledger_last = read.ledger.last[shard];
  const Belief known = Known(shard, read);
  if (known.epoch > epoch || (last.found && last.epoch > epoch)) return Finding::kBackwards;
  if (known.pos > ledger_last) return Finding::kBackwards;
  // It stands where it stood, and so does everything before it. What came behind it came once more.
  if (believed.found && believed.epoch == known.epoch && believed.pos == known.pos) {
    *now_in_stream = known;
    return Finding::kFine;
  }
  if (last.found && last.epoch == epoch) {
    if (last.pos > ledger_last) return Finding::kBackwards;
    *now_in_stream = {.pos = last.pos, .seq = last.seq};
    return last.pos < known.pos ? Finding::kLost : Finding::kFine;
  }
  const bool outlived = !last.found && known.pos > 0 && known.seq < read.stream.first_seq;
  if (outlived) {  // it was there and grew too old, or too much: nothing is missing
    *now_in_stream = known;
    now_in_stream->pos = std::max(known.pos, read.refill_from[shard] - 1);
    return Finding::kFine;
  }
  *now_in_stream = {.pos = read.refill_from[shard] - 1};
  return !last.found && known.pos > 0 ? Finding::kLost : Finding::kFine;
}

void RelayCore::OnTakeOver(const TakeOver& read) {
  if (phase_ != Phase::kReadingStream || trouble_) return;
  epoch_ = read.ledger.epoch;
  ledger_last_ = read.ledger.last;
  bool lost = false;
  int64_t seen = 0;  // the greatest incarnation that anybody may know
  Beliefs in_stream{};
  for (int shard = 0; shard < kShards; ++shard) {
    const Finding finding = Assess(shard, read, &in_stream[shard]);
    if (finding == Finding::kBackwards) return Stop();
    lost |= finding == Finding::kLost;
    seen = std::max({seen, read.beliefs[shard].incarnation, read.stream.last[shard].incarnation});
    next_[shard] = in_stream[shard].pos + 1;
  }
  stopped_ = false;
  // A take-over that was broken off finds the same loss again, and nobody has seen its incarnation
  // yet; unless another relay has found a loss meanwhile and given the same number to it.
  const bool counted = loss_unsaved_ && incarnation_ > seen;
  incarnation_ = std::max(incarnation_, seen);
  if (lost && !counted) {
    ++losses_;
    ++incarnation_;
  }
  loss_unsaved_ |= lost;
  for (Belief& belief : in_stream) {
    belief.incarnation = incarnation_;
    belief.epoch = epoch_;
  }
  published_ = in_stream;
  last_seq_ = read.stream.last_seq;
  news_ = true;
  run_ = fmt::format("{}-{:x}", term_, random_());
  // A new incarnation must outlive this process before anybody sees it; also one that an earlier
  // take-over raised and was broken off before it could save it.
  phase_ = loss_unsaved_ ? Phase::kSavingBeliefs : Phase::kRunning;
  save_now_ = loss_unsaved_;
}

void RelayCore::OnBeliefsSaved() {
  if (phase_ != Phase::kSavingBeliefs) return;
  phase_ = Phase::kRunning;
  loss_unsaved_ = false;
}

void RelayCore::OnLedger(const LedgerHead& head, const std::vector<Spot>& rows) {
  asking_ledger_ = false;
  if (phase_ != Phase::kRunning || trouble_) return;
  if (head.epoch != epoch_) return OnTrouble();
  for (int shard = 0; shard < kShards; ++shard) {
    if (head.last[shard] < published_[shard].pos) return Stop();
  }
  ledger_last_ = head.last;
  for (const Spot& row : rows) {
    if (row.pos != next_[row.shard]) continue;
    waiting_.push_back(row);
    ++next_[row.shard];
  }
  fresh_ |= !rows.empty();
}

void RelayCore::OnStored(uint64_t token, uint64_t seq) {
  const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                  [token](const InFlight& sent) { return sent.token == token; });
  if (found == in_flight_.end()) return;
  const Spot spot = found->spot;
  in_flight_.erase(found);
  last_seq_ = std::max(last_seq_, seq);
  Belief& belief = published_[spot.shard];
  if (spot.pos > belief.pos) belief = {spot.pos, seq, incarnation_, epoch_};
  backoff_.Reset();
}

void RelayCore::OnTrouble() {
  asking_ledger_ = false;
  if (phase_ != Phase::kResting) trouble_ = true;
}

void RelayCore::Stop() {
  stopped_ = true;
  trouble_ = true;
}

void RelayCore::GiveUp(RelayActions& out) {
  in_flight_.clear();
  waiting_.clear();
  asking_ledger_ = false;
  save_now_ = false;
  trouble_ = false;
  out.forget = true;
}

RelayActions RelayCore::Step(Instant now) {
  RelayActions out;
  if (phase_ == Phase::kRunning && !in_flight_.empty() &&
      now - in_flight_.front().sent >= limits_.ack_timeout) {
    trouble_ = true;
  }
  if (!leader_ || !connected_) {
    if (phase_ != Phase::kResting) GiveUp(out);
    phase_ = Phase::kResting;
    return out;
  }
  if (phase_ == Phase::kResting) phase_ = Phase::kWantStream;
  if (trouble_) {
    GiveUp(out);
    phase_ = Phase::kWaiting;
    retry_at_ = now + (stopped_ ? limits_.stopped_retry : backoff_.Next());
  }
  if (phase_ == Phase::kWaiting && now >= *retry_at_) phase_ = Phase::kWantStream;
  if (phase_ == Phase::kWantStream) {
    phase_ = Phase::kReadingStream;
    out.read_stream = true;
  }
  if (phase_ == Phase::kSavingBeliefs) out.save_beliefs = std::exchange(save_now_, false);
  if (phase_ == Phase::kRunning) {
    PublishWaiting(now, out);
    if (AsksLedger(now)) out.read_ledger = next_;
  }
  return out;
}

// The first message of an empty pipeline names the sequence that it must follow: that cannot be
// misunderstood after a restart of the broker, which forgets old message ids. Behind others in
// flight it names the message before it, because a sequence would be accepted even when that one
// was refused. Ids carry the run, so only a message of this very run can be the one that is named.
void RelayCore::PublishWaiting(Instant now, RelayActions& out) {
  while (!waiting_.empty() && static_cast<int>(in_flight_.size()) < limits_.max_in_flight) {
    RelayActions::Publication publish;
    publish.token = next_token_++;
    publish.spot = waiting_.front();
    waiting_.pop_front();
    publish.chain.message_id =
        broker::MessageId(service_, epoch_, publish.spot.shard, publish.spot.pos, run_);
    if (in_flight_.empty()) {
      publish.chain.last_seq = last_seq_;
    } else {
      publish.chain.last_message_id = last_id_;
    }
    last_id_ = publish.chain.message_id;
    in_flight_.push_back({publish.token, publish.spot, now});
    out.publish.push_back(std::move(publish));
  }
}

bool RelayCore::AsksLedger(Instant now) {
  if (std::exchange(fresh_, false)) last_news_ = now;
  if (asking_ledger_ || Full()) return false;
  if (!Behind() && now < (news_ ? std::min(next_look_, next_poll_) : next_poll_)) return false;
  news_ = false;
  next_look_ = now + limits_.rest;
  asking_ledger_ = true;
  const bool calm = now - last_news_ >= limits_.poll_calm;
  next_poll_ = now + (calm ? limits_.poll_idle : limits_.poll_busy);
  return true;
}

// As much is read as can be sent for a while.
bool RelayCore::Full() const { return static_cast<int>(waiting_.size()) >= limits_.max_in_flight; }

bool RelayCore::Behind() const {
  for (int shard = 0; shard < kShards; ++shard) {
    if (next_[shard] <= ledger_last_[shard]) return true;
  }
  return false;
}

bool RelayCore::Flushed() const {
  return phase_ == Phase::kRunning && !news_ && !asking_ledger_ && !Behind() && waiting_.empty() &&
         in_flight_.empty();
}

Instant RelayCore::NextDeadline() const {
  switch (phase_) {
    case Phase::kWaiting:
      return *retry_at_;
    case Phase::kRunning: {
      // A full pipeline looks when it is told that there is room again.
      Instant next = news_ && !Full() ? std::min(next_look_, next_poll_) : next_poll_;
      if (!in_flight_.empty()) next = std::min(next, in_flight_.front().sent + limits_.ack_timeout);
      return next;
    }
    default:
      return absl::InfiniteDuration();
  }
}

}  // namespace ieum::flow
