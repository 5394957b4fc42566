#include "tests/simulator/inbox.h"

#include <algorithm>

#include "fmt/format.h"
#include "platform/flow/check_hash.h"
#include "tests/simulator/mutant.h"

namespace ieum::flow::simulation {
namespace {

constexpr int kPoisonTries = 3;

std::string Spell(const ReceivedEvent& event) {
  return fmt::format("shard {} position {} of epoch {}", event.envelope.shard(),
                     event.envelope.position(), event.epoch);
}

}  // namespace

InboxState Inbox::Load() const {
  InboxState state = hint;
  for (int shard = 0; shard < kShards; ++shard) {
    const Cursor& cursor = cursors_[shard];
    state.cursors[shard] = {cursor.epoch, cursor.pos, cursor.hash};
  }
  return state;
}

Inbox::Session Inbox::Begin() {
  Session session;
  session.number = ++sessions_;
  if (!Mutated(MutantId::kParkedNotLoaded)) session.parked = parked_;
  for (int shard = 0; shard < kShards; ++shard) session.hashes[shard] = cursors_[shard].hash;
  return session;
}

Inbox::State& Inbox::StateOf(int shard, int64_t pos) {
  auto& states = states_[shard];
  if (static_cast<int64_t>(states.size()) < pos) states.resize(static_cast<size_t>(pos));
  return states[static_cast<size_t>(pos) - 1];
}

const Row* Inbox::RowAt(const ReceivedEvent& event) const {
  const Row* row = world_.ledger.At(event.epoch, static_cast<int>(event.envelope.shard()),
                                    event.envelope.position());
  return row != nullptr && row->id == RowOf(event) ? row : nullptr;
}

Inbox::Outcome Inbox::Apply(Session& session, const LaneBatch& batch) {
  Outcome outcome;
  switch (ApplyRange(session, batch, {0, batch.steps.size()}, outcome)) {
    case Result::kOk:
      outcome.kind = Outcome::Kind::kDone;
      break;
    case Result::kLost:
      outcome.kind = Outcome::Kind::kLost;
      break;
    case Result::kKilled:
      outcome.kind = Outcome::Kind::kKilled;
      break;
    default:
      outcome.kind = Outcome::Kind::kLater;
  }
  return outcome;
}

Inbox::Result Inbox::ApplyRange(Session& session, const LaneBatch& batch, Range range,
                                Outcome& outcome) {
  if (range.from < batch.events.size() && batch.tasks[range.from].kind == Task::Kind::kPark) {
    const Result parked = ParkOne(session, batch, range.from, outcome);
    if (parked != Result::kOk || range.to == range.from + 1) return parked;
    return ApplyRange(session, batch, {range.from + 1, range.to}, outcome);
  }
  const Result result = Commit(session, batch, range, outcome);
  if (result != Result::kPermanent) return result;
  const bool alone = range.to - range.from == 1;
  if (alone || Mutated(MutantId::kBatchParkedWhole)) {
    for (int tries = 1; tries < kPoisonTries; ++tries) {
      const Result again = Commit(session, batch, range, outcome);
      if (again != Result::kPermanent) return again;
    }
    Result parked = Result::kOk;
    for (size_t at = range.from; at < range.to && parked == Result::kOk; ++at) {
      if (at < batch.events.size()) parked = ParkOne(session, batch, at, outcome);
    }
    return parked;
  }
  const size_t middle = range.from + (range.to - range.from) / 2;
  const Result first = ApplyRange(session, batch, {range.from, middle}, outcome);
  if (first != Result::kOk) return first;
  return ApplyRange(session, batch, {middle, range.to}, outcome);
}

// What may happen to any transaction.
Inbox::Result Inbox::Passing(Session& session) {
  if (world_.random.Chance(world_.noise.rollbacks)) return Result::kTransient;
  if (!world_.random.Chance(world_.noise.in_doubt)) return Result::kOk;
  session.in_doubt = true;
  // Either the process dies without having heard, or it only has not heard.
  return world_.random.Chance(50) ? Result::kKilled : Result::kTransient;
}

bool Inbox::CursorsFit(const Session& session, const LaneBatch& batch, Range range) {
  std::array<int64_t, kShards> at;
  for (int shard = 0; shard < kShards; ++shard) at[shard] = cursors_[shard].pos;
  for (size_t i = range.from; i < range.to; ++i) {
    const CursorStep& step = batch.steps[i];
    const Cursor& cursor = cursors_[step.shard];
    const bool epoch_fits =
        cursor.epoch == 0 || cursor.epoch == step.epoch || Mutated(MutantId::kCursorEpochUnguarded);
    if (at[step.shard] != step.first - 1 || !epoch_fits) {
      if (cursor.mover == session.number && !session.in_doubt) {
        world_.Breach("without a rival nobody loses his place",
                      fmt::format("shard {} from {} to {}, cursor at {}", step.shard, step.first,
                                  step.last, at[step.shard]));
      }
      return false;
    }
    at[step.shard] = step.last;
  }
  return true;
}

void Inbox::MoveCursors(Session& session, const LaneBatch& batch, Range range) {
  for (size_t i = range.from; i < range.to; ++i) {
    const CursorStep& step = batch.steps[i];
    Cursor& cursor = cursors_[step.shard];
    cursor = {step.epoch, step.last, session.hashes[step.shard] ^ step.hash, session.number};
    session.hashes[step.shard] = cursor.hash;
  }
}

bool Inbox::HasPoison(const LaneBatch& batch, Range range) const {
  for (size_t i = range.from; i < std::min(range.to, batch.events.size()); ++i) {
    const ReceivedEvent& event = batch.events[i];
    const Row* row = RowAt(event);
    if (row == nullptr || !row->poison) continue;
    const bool parked = parked_[event.envelope.shard()] >> row->aggregate & 1;
    if (!parked) return true;
  }
  return false;
}

// One transaction: the cursors first, so that a zombie finds out before it does anything.
Inbox::Result Inbox::Commit(Session& session, const LaneBatch& batch, Range range,
                            Outcome& outcome) {
  const bool unguarded = Mutated(MutantId::kCursorUnguarded);
  if (!unguarded && !CursorsFit(session, batch, range)) return Result::kLost;
  if (HasPoison(batch, range)) {
    if (!Mutated(MutantId::kPoisonSkipped)) return Result::kPermanent;
  }
  const Result passing = Passing(session);
  if (passing == Result::kTransient && !session.in_doubt) {
    return Mutated(MutantId::kTransientTakenForPoison) ? Result::kPermanent : passing;
  }
  // In doubt: the commit may have happened or not.
  if (passing != Result::kOk && world_.random.Chance(50)) return passing;
  // The mutants make two transactions of it, and the process may die between them.
  const bool dies_between = passing == Result::kKilled;
  if (Mutated(MutantId::kCursorBeforeEffect) && dies_between) {
    MoveCursors(session, batch, range);
    return passing;
  }
  if (Mutated(MutantId::kEffectBeforeCursor) && dies_between) {
    Affect(session, batch, range);
    return passing;
  }
  MoveCursors(session, batch, range);
  Affect(session, batch, range);
  if (passing == Result::kOk) outcome.applied = range.to;
  return passing;
}

void Inbox::Affect(Session& session, const LaneBatch& batch, Range range) {
  range.to = std::min(range.to, batch.events.size());
  JudgeBatch(batch, range);
  for (size_t i = range.from; i < range.to; ++i) {
    const ReceivedEvent& event = batch.events[i];
    const Row* row = RowAt(event);
    if (row == nullptr) {
      world_.Breach("an effect is of an event that was written", Spell(event));
      return;
    }
    const auto bit = static_cast<uint8_t>(1 << row->aggregate);
    uint8_t& known = session.parked[event.envelope.shard()];
    const bool parked = parked_[event.envelope.shard()] & bit;
    if ((known & bit) && !parked) known = static_cast<uint8_t>(known & ~bit);
    if ((known & bit) && !Mutated(MutantId::kParkedOvertaken)) {
      AddLetter(event, false);
    } else if (row->kind == RowKind::kUndecodable) {
      world_.Breach("what cannot be read is parked by itself", Spell(event));
    } else if (!(row->poison && Mutated(MutantId::kPoisonSkipped))) {
      AffectOne(event);
    }
  }
}

// A sink gets nothing of another's, a reaction nothing of a sink's, and locks are held for no
// longer than so many reactions need.
void Inbox::JudgeBatch(const LaneBatch& batch, Range range) {
  const ConsumerLimits limits = SimConsumerLimits();
  const auto tasks = absl::MakeConstSpan(batch.tasks).subspan(0, range.to);
  int reactions = 0;
  for (size_t from = range.from, end = 0; from < range.to; from = end) {
    end = RunEnd(tasks, from);
    const Row* first = RowAt(batch.events[from]);
    for (size_t i = from; first != nullptr && i < end; ++i) {
      const Row* row = RowAt(batch.events[i]);
      reactions += row != nullptr && row->kind == RowKind::kReaction;
      if (row == nullptr || row->kind != first->kind) {
        world_.Breach("a run is of one sink, or of reactions", Spell(batch.events[i]));
      }
    }
  }
  if (reactions > limits.reactions_max || range.to > static_cast<size_t>(limits.batch_max)) {
    world_.Breach("a transaction is bounded",
                  fmt::format("{} events, {} reactions", range.to, reactions));
  }
}

void Inbox::JudgeEffect(const Row* row, const ReceivedEvent& event) {
  if (row == nullptr || event.epoch < epoch_) {
    return world_.Breach("an effect is of an event that was written", Spell(event));
  }
  const int shard = static_cast<int>(event.envelope.shard());
  if (row->before > 0 && StateOf(shard, row->before) != State::kEffect) {
    world_.Breach("an aggregate's events have their effects in order", Spell(event));
  }
}

void Inbox::AffectOne(const ReceivedEvent& event) {
  const int shard = static_cast<int>(event.envelope.shard());
  JudgeEffect(RowAt(event), event);
  State& state = StateOf(shard, event.envelope.position());
  if (state != State::kNone) {
    world_.Breach("an effect happens once", Spell(event));
  }
  state = State::kEffect;
}

Inbox::Result Inbox::ParkOne(Session& session, const LaneBatch& batch, size_t at,
                             Outcome& outcome) {
  const Range range{at, at + 1};
  if (!CursorsFit(session, batch, range)) return Result::kLost;
  const Result passing = Passing(session);
  if (passing == Result::kTransient && !session.in_doubt) return passing;
  if (passing != Result::kOk && world_.random.Chance(50)) return passing;
  const ReceivedEvent& event = batch.events[at];
  AddLetter(event, true);
  if (Mutated(MutantId::kLetterWithoutCursor) && passing == Result::kKilled) return passing;
  MoveCursors(session, batch, range);
  if (passing != Result::kOk) return passing;
  if (const Row* row = RowAt(event)) {
    session.parked[event.envelope.shard()] |= static_cast<uint8_t>(1 << row->aggregate);
  }
  outcome.applied = at + 1;
  return Result::kOk;
}

void Inbox::AddLetter(const ReceivedEvent& event, bool culprit) {
  const int shard = static_cast<int>(event.envelope.shard());
  const Row* row = RowAt(event);
  if (row == nullptr || event.epoch < epoch_) {
    return world_.Breach("an effect is of an event that was written", Spell(event));
  }
  const auto bit = static_cast<uint8_t>(1 << row->aggregate);
  const bool spoilt = row->poison || row->kind == RowKind::kUndecodable;
  const bool deserved = culprit ? spoilt : (parked_[shard] & bit) != 0;
  if (!deserved) world_.Breach("only poison and what follows it is parked", Spell(event));
  State& state = StateOf(shard, event.envelope.position());
  if (state != State::kNone) world_.Breach("an effect happens once", Spell(event));
  state = State::kLetter;
  ++parked_ever_;
  parked_[shard] |= bit;
  letters_.push_back({shard, event.epoch, event.envelope.position(), row->id, row->aggregate});
}

void Inbox::Replay() {
  if (Mutated(MutantId::kUnparkedBeforeReplay) && !letters_.empty() && parked_ != ParkedSet{}) {
    parked_ = {};  // the letters follow another time
    return;
  }
  for (const Letter& letter : letters_) {
    const Row* row = world_.ledger.At(letter.epoch, letter.shard, letter.pos);
    if (row == nullptr || row->poison) return;  // fails again, and nothing is changed
  }
  for (const Letter& letter : letters_) {
    StateOf(letter.shard, letter.pos) = State::kNone;
    const Row* row = world_.ledger.At(letter.epoch, letter.shard, letter.pos);
    AffectOne(EventOf(*row, letter.epoch, letter.shard, letter.pos));
  }
  letters_.clear();
  parked_ = {};
}

void Inbox::GoToEpoch(int64_t epoch) {
  if (epoch == epoch_) return;
  epoch_ = epoch;
  for (int shard = 0; shard < kShards; ++shard) {
    Cursor& cursor = cursors_[shard];
    const int64_t before = cursor.epoch == 0 ? 1 : cursor.epoch;
    const int64_t pos = std::min(cursor.pos, world_.ledger.CommonWith(before, shard));
    states_[shard].resize(std::min(states_[shard].size(), static_cast<size_t>(pos)));
    std::erase_if(letters_, [&](const Letter& l) { return l.shard == shard && l.pos > pos; });
    uint64_t hash = 0;
    for (int64_t at = 1; at <= pos; ++at) {
      hash ^= EventHash(EventOf(*world_.ledger.At(epoch, shard, at), epoch, shard, at).envelope);
    }
    cursor = {epoch, pos, hash, 0};
  }
  parked_ = {};
  for (Letter& letter : letters_) {
    letter.epoch = epoch;
    parked_[letter.shard] |= static_cast<uint8_t>(1 << letter.aggregate);
  }
}

bool Inbox::At(const ShardPositions& last) const {
  for (int shard = 0; shard < kShards; ++shard) {
    if (cursors_[shard].pos != last[shard]) return false;
  }
  return true;
}

void Inbox::JudgeRest() {
  for (int shard = 0; shard < kShards; ++shard) {
    const Cursor& cursor = cursors_[shard];
    uint64_t hash = 0;
    for (int64_t pos = 1; pos <= cursor.pos; ++pos) {
      const Row* row = world_.ledger.At(world_.ledger.epoch(), shard, pos);
      if (row == nullptr) return world_.Breach("the ledger has no hole", fmt::format("{}", pos));
      hash ^= EventHash(EventOf(*row, 0, shard, pos).envelope);
      const bool owed = row->kind != RowKind::kSkipped;
      if (owed != (StateOf(shard, pos) == State::kEffect)) {
        return world_.Breach("every event has had its effect",
                             fmt::format("shard {} position {}", shard, pos));
      }
    }
    if (hash != cursor.hash) {
      return world_.Breach("the check hashes agree", fmt::format("shard {}", shard));
    }
  }
}

}  // namespace ieum::flow::simulation
