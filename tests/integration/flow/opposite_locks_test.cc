// Goal: batches that want the same aggregates at the same time never wait for each other for ever.
#include <atomic>
#include <barrier>
#include <future>

#include "tests/integration/flow/mixed_batch_fixture.h"

namespace ieum::flow::testing {
namespace {

const db::Statement kLockRow("mixed_lock_row",
                             "SELECT 1 FROM inbox_stream WHERE producer = $1 FOR UPDATE");

// Two batches at the same time, of two shards each, whose reactions lock in opposite order.
class OppositeLocks : public MixedBatchTest {
 protected:
  int64_t Deadlocks() {
    return tally_.Number(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = "
        "current_database()");
  }
  void ApplyBoth(int rounds) {
    ConsumerMemory memories[2];
    for (int round = 1; round <= rounds; ++round) {
      Closed(0);
      Closed(2);
      const LaneBatch first = Batch();
      Closed(1);
      Closed(3);
      const LaneBatch second = Batch();
      auto one = std::async(std::launch::async, [&] { return Lane(&memories[0])->Apply(first); });
      auto two = std::async(std::launch::async, [&] { return Lane(&memories[1])->Apply(second); });
      ASSERT_EQ(one.get().kind, OutcomeKind::kDone);
      ASSERT_EQ(two.get().kind, OutcomeKind::kDone);
      for (const LaneBatch* each : {&first, &second}) {
        queue_.Settle(*each, each->steps.size(), MonotonicNow());
      }
      EXPECT_EQ(tally_.Applied(), 4 * round);
      EXPECT_EQ(tally_.Answers(), 4 * round);
    }
    ExpectGapless();
  }
  static absl::Status Answer(ledger::UnitOfWork& work, const base::Uuid& aggregate) {
    sample::v1::Glanced glanced;
    work.Append(aggregate, "counter", "counters/x", glanced);
    return absl::OkStatus();
  }
  // The counters that both batches write: 0 and 3 the first of them, 1 and 2 the second, so that
  // one batch wants them in one order and the other in the other.
  static base::Uuid Shared(const sample::v1::Closed& event) {
    const base::Uuid id = *base::Uuid::Parse(event.counter_id());
    return id.shard() == 0 || id.shard() == 3 ? Counter(100) : Counter(101);
  }
};

TEST_F(OppositeLocks, NeverWaitInACircleWhereLocksAreTheFirstWord) {
  on_closed_ = [&](ledger::UnitOfWork& work, const sample::v1::Closed& event) {
    work.Lock({Shared(event)});
    return Answer(work, Shared(event));
  };
  ApplyBoth(/*rounds=*/20);
  EXPECT_EQ(Deadlocks(), 0);
}

TEST_F(OppositeLocks, ThatCannotBeKnownBeforehandFallApartAndGoThrough) {
  std::barrier<> both(2);
  std::atomic<int> asked{0};
  on_closed_ = [&](ledger::UnitOfWork& work, const sample::v1::Closed& event) {
    work.tx().Exec(kLockRow, Shared(event) == Counter(100) ? "one" : "other");
    if (asked.fetch_add(1) < 2) both.arrive_and_wait();
    work.Lock({*base::Uuid::Parse(event.counter_id())});
    return Answer(work, *base::Uuid::Parse(event.counter_id()));
  };
  tally_.Ask("INSERT INTO inbox_stream (producer) VALUES ('one'), ('other')");
  ApplyBoth(/*rounds=*/1);
}

}  // namespace
}  // namespace ieum::flow::testing
