// Goal: whatever eight threads do to one ledger, refusals and errors included, positions stay
// gapless and appear in the order of commits, and versions respect real time (INV2, INV3). Method:
// random commands from a seed that is told; a reader that follows the log all the while; the audit.
// row:R29
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

constexpr int kThreads = 8;
constexpr int kCommandsEach = 100;
constexpr int kCounters = 24;

const db::Statement kFail("test_gapless_fail", "SELECT 1 / $1::int");

// One acknowledged command: which version it made of which counter, and when it was under way.
struct Done1 {
  Answer answer;
  Uuid counter;
  int64_t began, ended;
};

class GaplessTest : public LedgerTest {
 protected:
  GaplessTest() {
    for (int i = 0; i < kCounters; ++i) counters_.push_back(Uuid::NewV7());
  }

  // Runs until the outcome is known, as a client would.
  absl::StatusOr<Answer> RunToAnswer(const Command& command, Ledger::UseCase use_case) {
    absl::StatusOr<Answer> answer = ledger_.Run(command, use_case);
    while (absl::IsUnavailable(answer.status())) answer = ledger_.Run(command, use_case);
    return answer;
  }

  void RunRandomCommand(std::mt19937& random);
  void Work(unsigned seed) {
    std::mt19937 random(seed);
    for (int i = 0; i < kCommandsEach; ++i) RunRandomCommand(random);
  }
  // Follows every shard by ReadLog; returns how many events it has met.
  int64_t Follow(std::vector<int64_t>& next);
  void ExpectRealTimeOrder();

  std::vector<Uuid> counters_;
  std::atomic<int64_t> tick_ = 0, expected_events_ = 0;
  std::mutex mutex_;
  std::vector<Done1> done_;  // guarded by mutex_
};

void GaplessTest::RunRandomCommand(std::mt19937& random) {
  const auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
  const size_t kind = pick(8);
  const int events = 1 + static_cast<int>(pick(3));
  const Uuid one = kind == 0 ? Uuid::NewV7() : counters_[pick(kCounters)];
  const Uuid two = counters_[pick(kCounters)];
  const int64_t began = ++tick_;
  const auto answer = RunToAnswer(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({two, one});
    if (kind == 1) return base::Forbidden("NOT_NOW", "refused before the first write");
    Count(work, one, events);
    if (two != one) Count(work, two, 1);
    Count(work, one, 1);
    if (kind == 2) return base::Forbidden("NOT_NOW", "refused after writing");
    if (kind == 3) work.tx().Exec(kFail, 0);
    return Done{one, NameOf(one)};
  });
  const int64_t ended = ++tick_;
  EXPECT_EQ(answer.ok(), kind == 0 || kind > 3) << answer.status();
  if (!answer.ok()) return;
  expected_events_ += events + 1 + (two != one ? 1 : 0);
  std::lock_guard lock(mutex_);
  done_.push_back({*answer, one, began, ended});
}

int64_t GaplessTest::Follow(std::vector<int64_t>& next) {
  for (int shard = 0; shard < Uuid::kShards; ++shard) {
    int64_t& position = next[static_cast<size_t>(shard)];
    const auto log = ledger_.ReadLog(shard, position, 7, 1 << 20);
    EXPECT_TRUE(log.ok()) << log.status();
    for (const auto& event : log->events()) EXPECT_EQ(event.position(), position++);
    EXPECT_LE(position - 1, log->last_position());
  }
  int64_t met = 0;
  for (const int64_t position : next) met += position - 1;
  return met;
}

// Among the commands on one counter, a later version never ended before an earlier one began.
void GaplessTest::ExpectRealTimeOrder() {
  std::map<Uuid, std::vector<Done1>> by_counter;
  for (const Done1& done : done_) by_counter[done.counter].push_back(done);
  for (auto& [counter, all] : by_counter) {
    std::sort(all.begin(), all.end(),
              [](const Done1& a, const Done1& b) { return a.answer.etag < b.answer.etag; });
    int64_t latest_begin = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      EXPECT_GT(all[i].ended, latest_begin) << "version " << all[i].answer.etag;
      latest_begin = std::max(latest_begin, all[i].began);
      if (i == 0) continue;
      EXPECT_LT(all[i - 1].answer.etag, all[i].answer.etag) << "two answers with one version";
      EXPECT_LT(all[i - 1].answer.position, all[i].answer.position);
    }
  }
}

// law:INV2 law:INV3
TEST_F(GaplessTest, PositionsAndVersionsAreWithoutHolesUnderEightThreads) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) threads.emplace_back([&, t] { Work(seed + t); });
  std::atomic<bool> over = false;
  std::vector<int64_t> next(Uuid::kShards, 1);
  std::thread follower([&] {
    while (!over) Follow(next);
  });
  for (auto& thread : threads) thread.join();
  over = true;
  follower.join();

  for (int64_t met = -1, now = 0; met != now;) {
    met = now;
    now = Follow(next);
  }
  const auto positions = ledger_.Positions().value();
  for (size_t shard = 0; shard < positions.size(); ++shard) {
    EXPECT_EQ(next[shard] - 1, positions[shard]) << "the follower missed events";
  }
  EXPECT_EQ(Events(), expected_events_);
  EXPECT_EQ(Answers(), static_cast<int64_t>(done_.size()));
  ExpectRealTimeOrder();
}

// A position that can be read has all positions before it: in one snapshot the counter, the number
// of events and the last event agree, while writers are at work.
TEST_F(GaplessTest, EverySnapshotIsWhole) {
  std::atomic<bool> over = false;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      while (!over) RunRandomCommand(random);
    });
  }
  for (int i = 0; i < 15; ++i) EXPECT_THAT(BrokenLaws(test_), ::testing::IsEmpty());
  over = true;
  for (auto& thread : threads) thread.join();
}

// While one transaction holds its positions, writers of other shards pass and appear.
TEST_F(GaplessTest, AShardDoesNotWaitForAnother) {
  const Uuid slow = NewIdOn(3), quick = NewIdOn(4);
  const absl::Status status = test_.database().Write("slow", [&](db::Tx& tx) -> absl::Status {
    const auto raise = [&](UnitOfWork& work) { return Raise(work, slow).status(); };
    RETURN_IF_ERROR(ledger_.RunWithin(tx, {}, Uuid::NewV7(), raise, nullptr));
    // The counter of shard 3 is taken and not yet committed.
    const auto other =
        ledger_.Run(NewCommand(), [&](UnitOfWork& work) { return Raise(work, quick); });
    EXPECT_TRUE(other.ok()) << other.status();
    EXPECT_EQ(ledger_.ReadLog(4, 1, 10, 1 << 20)->events_size(), 1);
    EXPECT_EQ(ledger_.ReadLog(3, 1, 10, 1 << 20)->events_size(), 0);
    return base::Forbidden("NOT_NOW", "its position goes with it");
  });
  EXPECT_EQ(base::ReasonOf(status), "NOT_NOW");
  EXPECT_EQ(ledger_.Positions().value()[3], 0);
  EXPECT_EQ(ledger_.Positions().value()[4], 1);
}

}  // namespace
}  // namespace ieum::ledger
