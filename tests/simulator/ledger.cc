#include "tests/simulator/ledger.h"

#include <algorithm>

#include "tests/simulator/mutant.h"

namespace ieum::flow::simulation {
namespace {

constexpr int kOpenMax = 2;
constexpr int kRowsLost = 4;  // of a shard, at most, by a restore

RowKind KindOf(Random& random) {
  constexpr RowKind kKinds[] = {RowKind::kSkipped,    RowKind::kSkipped,    RowKind::kFirstSink,
                                RowKind::kFirstSink,  RowKind::kFirstSink,  RowKind::kFirstSink,
                                RowKind::kSecondSink, RowKind::kSecondSink, RowKind::kReaction,
                                RowKind::kReaction};
  return kKinds[random.Pick(10)];
}

}  // namespace

void SimLedger::Step(Random& random, int shards, int writes, int poison) {
  if (restored_) return;
  for (size_t i = 0; i < open_.size();) {
    if (--open_[i].ticks > 0) {
      ++i;
      continue;
    }
    if (!random.Chance(10)) Commit(open_[i]);  // else it is rolled back
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (static_cast<int>(open_.size()) < kOpenMax && random.Chance(writes)) {
    Begin(random, random.Pick(shards), poison);
  }
}

// Whoever writes to a shard holds its counter's row until the end of the transaction: the next one
// waits. The mutant takes numbers from a sequence instead, and nobody waits.
void SimLedger::Begin(Random& random, int shard, int poison) {
  const bool locked = std::any_of(open_.begin(), open_.end(),
                                  [shard](const Transaction& t) { return t.shard == shard; });
  if (locked && !Mutated(MutantId::kCounterNotLocked)) return;
  Transaction transaction;
  transaction.shard = shard;
  transaction.ticks = 1 + random.Pick(4);
  const int count = 1 + random.Pick(3);
  const auto aggregate = static_cast<uint8_t>(random.Pick(kAggregates));
  for (int i = 0; i < count; ++i) {
    Row row{next_id_++, KindOf(random), aggregate, false, 0};
    if (random.Chance(poison)) {
      row.kind = random.Chance(30) ? RowKind::kUndecodable : RowKind::kFirstSink;
      row.poison = true;
    }
    transaction.rows.push_back(row);
  }
  transaction.base = Mutated(MutantId::kCounterNotLocked) ? numbered_[shard] : last_[shard];
  numbered_[shard] = transaction.base + count;
  open_.push_back(std::move(transaction));
}

void SimLedger::Commit(const Transaction& transaction) {
  std::vector<Row>& rows = rows_[transaction.shard];
  int64_t pos = transaction.base;
  const size_t end = static_cast<size_t>(pos) + transaction.rows.size();
  if (rows.size() < end) rows.resize(end);
  for (Row row : transaction.rows) {
    ++pos;
    if (row.kind != RowKind::kSkipped) {
      row.before = std::exchange(newest_[transaction.shard][row.aggregate], pos);
    }
    rows[static_cast<size_t>(pos) - 1] = row;
  }
  last_[transaction.shard] = std::max(last_[transaction.shard], pos);
}

void SimLedger::WriteNow(Random& random, int shard) {
  Begin(random, shard, 0);
  Commit(open_.back());
  open_.pop_back();
}

void SimLedger::Crash(Random& random) {
  for (const Transaction& transaction : open_) {
    if (random.Chance(50)) Commit(transaction);
  }
  open_.clear();
}

void SimLedger::Restore(Random& random) {
  if (restored_) return;
  open_.clear();
  past_[epoch_] = rows_;
  restored_ = true;
  for (int shard = 0; shard < kShards; ++shard) {
    const auto lost = std::min<int64_t>(last_[shard], random.Pick(kRowsLost));
    last_[shard] = numbered_[shard] = last_[shard] - lost;
    rows_[shard].resize(static_cast<size_t>(last_[shard]));
    newest_[shard].fill(0);
    for (int64_t pos = 1; pos <= last_[shard]; ++pos) {
      const Row& row = rows_[shard][static_cast<size_t>(pos) - 1];
      if (row.kind != RowKind::kSkipped) newest_[shard][row.aggregate] = pos;
    }
  }
}

void SimLedger::RaiseEpoch() {
  if (!restored_) return;
  restored_ = false;
  ++epoch_;
}

void SimLedger::Mend() {
  const auto mend = [](Timeline& timeline) {
    for (auto& shard : timeline) {
      for (Row& row : shard) row.poison = false;
    }
  };
  mend(rows_);
  for (auto& [epoch, timeline] : past_) mend(timeline);
}

LedgerHead SimLedger::Head() const {
  LedgerHead head;
  head.epoch = epoch_;
  head.last = last_;
  return head;
}

const Row* SimLedger::At(int64_t epoch, int shard, int64_t pos) const {
  const Timeline* timeline = &rows_;
  // What a restore has taken was true in its epoch.
  if (const auto past = past_.find(epoch); past != past_.end()) {
    timeline = &past->second;
  } else if (epoch != epoch_) {
    return nullptr;
  }
  const auto& rows = (*timeline)[shard];
  if (pos < 1 || pos > static_cast<int64_t>(rows.size())) return nullptr;
  const Row& row = rows[static_cast<size_t>(pos) - 1];
  return row.id == 0 ? nullptr : &row;
}

int64_t SimLedger::CommonWith(int64_t epoch, int shard) const {
  int64_t pos = 0;
  while (true) {
    const Row* then = At(epoch, shard, pos + 1);
    if (then == nullptr || pos >= last_[shard]) return pos;
    if (then->id != rows_[shard][static_cast<size_t>(pos)].id) return pos;
    ++pos;
  }
}

}  // namespace ieum::flow::simulation
