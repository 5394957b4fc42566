#include "tests/simulator/relay.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "fmt/format.h"
#include "tests/simulator/mutant.h"

namespace ieum::flow::simulation {
namespace {

constexpr int kRowsAtOnce = 12;
constexpr size_t kRowsKeptMost = 5000;
constexpr int kViewTries = 10;
constexpr int kRoundsOfATick = 50;  // of a brisk process
// The pieces of a take-over's reading, in the order of relay.cc.
enum Piece { kFind, kBeliefs, kFirstHalf, kSecondHalf, kCompare, kLedger, kPieces };

uint64_t IdOf(const std::string& text) {
  return text.empty() ? 0 : absl::Hash<std::string>()(text);
}

// Whether a shard of the stream lacks what was known to be there, and is not too old to be.
bool Lacks(const Belief& known, const TakeOver& read, int shard) {
  const StreamView::Last &last = read.stream.last[shard], &believed = read.stream.believed[shard];
  if (known.epoch != read.ledger.epoch || known.pos < read.refill_from[shard]) return false;
  if (believed.found && believed.epoch == known.epoch && believed.pos >= known.pos) return false;
  if (last.found && last.epoch == known.epoch) return last.pos < known.pos;
  return !last.found && known.seq >= read.stream.first_seq;
}

}  // namespace

SimRelay::SimRelay(World& world, int index) : world_(world), index_(index) { Kill(); }

void SimRelay::Kill() {
  BreakLink();
  core_ = std::make_unique<RelayCore>("sample", SimRelayLimits(), world_.random.Next());
  ++generation_;
  held_until_ = zombie_until_ = paused_until_ = next_renewal_ = next_saving_ = world_.now;
  refusals_ = 0;
  link_broken_ = brought_ = false;
  reading_.reset();
  for (auto& rows : read_) rows.clear();
}

void SimRelay::BreakLink() {
  link_broken_ = true;
  for (Outgoing& sent : outgoing_) {
    if (world_.random.Chance(world_.noise.ghosts)) ghosts_.push_back(std::move(sent));
  }
  outgoing_.clear();
  incoming_.clear();
}

void SimRelay::BrokerDied() {
  BreakLink();
  ghosts_.clear();
}

void SimRelay::BecomeZombie(absl::Duration duration) {
  if (term_ > 0) zombie_until_ = world_.now + duration;
}

void SimRelay::KeepLease() {
  if (world_.now < next_renewal_) return;
  next_renewal_ = world_.now + kLeaseRenew;
  if (!world_.relay_lease.Take(index_ + 2 * generation_, world_.now, kLeaseTtl)) return;
  held_until_ = world_.now + kLeaseTtl;
  term_ = Mutated(MutantId::kLeaseWithoutTerm) ? 1 : world_.relay_lease.term;
}

void SimRelay::Step() {
  if (world_.brisk) {
    while (MoveWires()) {
    }
    if (world_.now < paused_until_) return;
    KeepLease();
    bool more = true;
    for (int rounds = 0; more && rounds < kRoundsOfATick; ++rounds) {
      while (reading_) ReadOn();
      more = TakeAnswer();
      more |= StepCore();
      more |= MoveWires();
    }
    return;
  }
  const int what = world_.Pick(6);
  if (what <= 1) MoveWires();
  if (world_.now < paused_until_) return;
  KeepLease();
  if (what <= 1) return;
  if (reading_) return ReadOn();
  if (what <= 3) {
    TakeAnswer();
  } else {
    StepCore();
  }
}

bool SimRelay::MoveWires() {
  const bool late = !ghosts_.empty() && (outgoing_.empty() || world_.brisk || world_.Pick(3) == 0);
  return late ? ArriveAtStream(ghosts_, false) : ArriveAtStream(outgoing_, true);
}

bool SimRelay::ArriveAtStream(std::deque<Outgoing>& queue, bool answered) {
  if (queue.empty()) return false;
  const Outgoing sent = std::move(queue.front());
  queue.pop_front();
  if (!world_.broker_up) return true;
  SimAnswer answer;
  if (world_.stream_exists) {
    std::string_view fault;
    answer = world_.stream.Publish(sent.message, sent.chain, &fault);
    const Row* row =
        world_.ledger.At(sent.message.epoch, sent.message.spot.shard, sent.message.spot.pos);
    if (row == nullptr || row->id != sent.message.row) fault = "a message that is not its row";
    if (world_.tracing) {
      world_.Trace(Name(),
                   fmt::format("{} {}/{} of epoch {}: {}", answered ? "message" : "ghost",
                               sent.message.spot.shard, sent.message.spot.pos, sent.message.epoch,
                               answer.stored ? fmt::format("stored at {}", answer.seq)
                                             : std::string("refused")));
    }
    if (answer.stored && !fault.empty()) {
      world_.Breach(fault, fmt::format("{}: shard {} position {} at sequence {}", Name(),
                                       sent.message.spot.shard, sent.message.spot.pos, answer.seq));
    }
  }
  if (answered && !world_.random.Chance(world_.noise.lost_answers)) {
    incoming_.push_back({sent.token, answer});
  }
  return true;
}

bool SimRelay::TakeAnswer() {
  if (incoming_.empty()) return false;
  const Incoming in = incoming_.front();
  incoming_.pop_front();
  if (in.answer.stored) {
    core_->OnStored(in.token, in.answer.seq);
  } else if (Mutated(MutantId::kRefusalTakenForAck)) {
    core_->OnStored(in.token, world_.stream.last_seq());
  } else {
    ++refusals_;
    core_->OnTrouble();
  }
  return true;
}

bool SimRelay::StepCore() {
  core_->OnLease(Held(), term_);
  if (std::exchange(link_broken_, false)) core_->OnConnected(false);
  core_->OnConnected(world_.broker_up);
  if (world_.brisk || world_.random.Chance(30)) core_->Wake();
  const RelayActions actions = core_->Step(world_.now);
  Execute(actions);
  // A brisk world ends a tick when nothing is left but to look for news that are none.
  const bool busy = actions.forget || actions.read_stream || actions.save_beliefs ||
                    !actions.publish.empty() || std::exchange(brought_, false);
  if (core_->leading() && world_.now >= next_saving_) {
    next_saving_ = world_.now + kMarkInterval;
    SaveBeliefs(/*now=*/false);
  }
  return busy;
}

void SimRelay::SaveBeliefs(bool now) {
  for (int shard = 0; shard < kShards; ++shard) {
    const Belief& ours = core_->beliefs()[shard];
    const bool older = world_.beliefs[shard].incarnation > ours.incarnation;
    if (!older || Mutated(MutantId::kBeliefsUnguarded)) world_.beliefs[shard] = ours;
  }
  if (now || world_.random.Chance(50)) world_.durable_beliefs = world_.beliefs;
}

void SimRelay::Execute(const RelayActions& actions) {
  if (actions.forget) {
    // Nobody listens to the answers any more, but what was sent is on its way.
    for (Outgoing& sent : outgoing_) ghosts_.push_back(std::move(sent));
    outgoing_.clear();
    incoming_.clear();
    if (!Mutated(MutantId::kReadEventsKept)) {
      for (auto& rows : read_) rows.clear();
    }
  }
  bool fine = true;
  if (actions.read_stream) reading_.emplace();
  if (actions.save_beliefs) {
    SaveBeliefs(/*now=*/true);
    core_->OnBeliefsSaved();
  }
  for (const auto& publication : actions.publish) {
    auto& rows = read_[publication.spot.shard];
    fine = fine && world_.broker_up && !rows.empty() && rows.front().first == publication.spot.pos;
    if (fine) Send(publication);
  }
  if (actions.read_ledger && fine) fine = ReadLedger(*actions.read_ledger);
  if (!fine) core_->OnTrouble();
}

void SimRelay::Send(const RelayActions::Publication& publication) {
  const int shard = publication.spot.shard;
  SimMessage message;
  message.spot = publication.spot;
  message.epoch = core_->epoch();
  message.incarnation = core_->incarnation();
  message.id = IdOf(publication.chain.message_id);
  message.row = read_[shard].front().second;
  read_[shard].pop_front();
  if (message.incarnation > world_.durable_beliefs[shard].incarnation) {
    world_.Breach("an incarnation is durable before it is seen",
                  fmt::format("{} publishes {}", Name(), message.incarnation));
  }
  SimChain chain;
  chain.by_seq = publication.chain.last_seq.has_value();
  chain.seq = publication.chain.last_seq.value_or(0);
  chain.by_id = !publication.chain.last_message_id.empty();
  chain.id = IdOf(publication.chain.last_message_id);
  outgoing_.push_back({publication.token, message, chain});
  if (static_cast<int>(outgoing_.size()) > SimRelayLimits().max_in_flight) {
    world_.Breach("memory is bounded", fmt::format("{} messages in flight", outgoing_.size()));
  }
}

void SimRelay::ReadOn() {
  if (!world_.broker_up || link_broken_ || Refused()) {
    reading_.reset();
    return core_->OnTrouble();
  }
  ReadPiece();
  if (!reading_ || reading_->at != kPieces) return;
  TakeOverNow();
  reading_.reset();
}

void SimRelay::ReadPiece() {
  TakeOver& read = reading_->read;
  SimStream& stream = world_.stream;
  switch (reading_->at++) {
    case kFind:
      world_.stream_exists = true;
      reading_->end_before = stream.last_seq();
      reading_->created_before = stream.created();
      if (Mutated(MutantId::kLedgerReadFirst)) read.ledger = world_.ledger.Head();
      return;
    case kBeliefs:
      if (!Mutated(MutantId::kBeliefsReadLast)) read.beliefs = world_.beliefs;
      return;
    case kFirstHalf:
      for (int i = 0; i < kShards / 2; ++i) read.stream.last[i] = stream.LastOf(i);
      // Shards in use are few and low: the halves must part them.
      for (int i = 1; i < kShards / 2; i += 2) read.stream.last[i] = {};
      return;
    case kSecondHalf:
      for (int i = kShards / 2; i < kShards; ++i) read.stream.last[i] = stream.LastOf(i);
      for (int i = 1; i < kShards / 2; i += 2) read.stream.last[i] = stream.LastOf(i);
      return;
    case kCompare:
      read.stream.first_seq = stream.first_seq();
      read.stream.last_seq = stream.last_seq();
      if (Mutated(MutantId::kStreamEndReadOnce)) return;
      if (reading_->end_before == stream.last_seq() &&
          reading_->created_before == stream.created()) {
        return;
      }
      reading_->end_before = stream.last_seq();
      reading_->created_before = stream.created();
      reading_->at = kFirstHalf;
      if (++reading_->tries < kViewTries) return;
      reading_.reset();
      return core_->OnTrouble();
    default:
      if (!Mutated(MutantId::kLedgerReadFirst)) read.ledger = world_.ledger.Head();
      if (Mutated(MutantId::kBeliefsReadLast)) read.beliefs = world_.beliefs;
      read.refill_from = stream.RefillFrom(read.ledger.epoch);
      ReadDoubts(read);
  }
}

void SimRelay::ReadDoubts(TakeOver& read) {
  const auto seqs = core_->Doubts(read);
  for (int shard = 0; shard < kShards; ++shard) {
    if (seqs[shard] == 0) continue;
    read.stream.believed[shard] = world_.stream.At(seqs[shard], shard);
    read.stream.first_seq = world_.stream.first_seq();
  }
}

void SimRelay::TakeOverNow() {
  const TakeOver& read = reading_->read;
  const int64_t losses = core_->losses();
  const Beliefs own = core_->beliefs();
  core_->OnTakeOver(read);
  if (world_.tracing) {
    world_.Trace(Name(), fmt::format("has read the stream: end {}, losses {}, stopped {}",
                                     read.stream.last_seq, core_->losses(), core_->stopped()));
  }
  JudgeTakeOver(read, own, losses);
}

void SimRelay::JudgeTakeOver(const TakeOver& read, const Beliefs& own, int64_t losses_before) {
  const int64_t epoch = read.ledger.epoch;
  const bool noticed = core_->losses() > losses_before;
  bool lacks = false, behind = false;
  int64_t seen = 0;  // greatest incarnation that anybody else may have seen
  for (int shard = 0; shard < kShards; ++shard) {
    const StreamView::Last& last = read.stream.last[shard];
    lacks |= Lacks(read.beliefs[shard], read, shard) || Lacks(own[shard], read, shard);
    seen = std::max(seen, read.beliefs[shard].incarnation);
    behind |= last.found && last.epoch == epoch && last.pos > read.ledger.last[shard];
  }
  if (behind && !core_->stopped()) {
    world_.Breach("a restored ledger stops its relay", Name());
  }
  if (core_->stopped()) {
    if (!world_.ledger.restored()) {
      world_.Breach("only a restored ledger stops a relay", Name());
    }
    return;
  }
  if (lacks && core_->incarnation() <= seen) world_.Breach("a loss is noticed", Name());
  // A copy behind what has grown too old looks as a stream that was cut.
  const bool whole = world_.stream.lost() == 0 && !world_.stream.aged_beside_copies();
  if (noticed && whole) world_.Breach("no false alarm of a loss", Name());
}

bool SimRelay::ReadLedger(const ShardPositions& from) {
  if (Refused()) return false;
  std::vector<Spot> rows;
  for (int shard = 0; shard < kShards; ++shard) {
    const int64_t last = world_.ledger.last()[shard];
    for (int64_t pos = from[shard]; pos <= last && rows.size() < kRowsAtOnce; ++pos) {
      const Row* row = world_.ledger.At(world_.ledger.epoch(), shard, pos);
      if (row == nullptr) continue;
      rows.push_back({shard, pos});
      read_[shard].push_back({pos, row->id});
      if (read_[shard].size() > kRowsKeptMost) world_.Breach("memory is bounded", Name());
    }
  }
  core_->OnLedger(world_.ledger.Head(), rows);
  brought_ = !rows.empty();
  return true;
}

Watermark SimRelay::Mark() const {
  return {core_->epoch(), core_->incarnation(), core_->ledger_last(), core_->last_seq()};
}

}  // namespace ieum::flow::simulation
