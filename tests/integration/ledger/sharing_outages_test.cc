// Goal: commands that share a transaction hear the truth when its COMMIT is in doubt or its
// connection dies, and do not wait for what another replica holds. Method: the wire is cut; a lock
// is held from elsewhere. row:R27
#include <atomic>
#include <thread>

#include "tests/integration/ledger/sharing_fixture.h"
#include "tests/support/commit_cutter.h"
#include "tests/support/wait.h"

namespace ieum::ledger {
namespace {

using testing::CommitCutter;
using testing::Cut;
using testing::WaitFor;

// Another replica holds an aggregate: the others are answered without it.
TEST_F(SharingTest, DoesNotWaitForALockedAggregate) {
  const Uuid locked = Uuid::NewV7();
  ASSERT_TRUE(ledger_.Run(NewCommand(), [&](UnitOfWork& w) { return Make(w, locked); }).ok());
  std::vector<Asked> all = {Making(), Raising(locked), Making()};
  std::atomic<int> done = 0;
  ledger_.OnCommitted([&] { ++done; });
  std::thread shared;
  Answers answers;
  const absl::Status holding = test_.database().Write("hold", [&](db::Tx& tx) {
    Batch elsewhere(tx, absl::Now(), "sample");
    EXPECT_TRUE(elsewhere
                    .Run({{},
                          Uuid::NewV7(),
                          [&](UnitOfWork& work) {
                            work.Lock({locked});
                            return absl::OkStatus();
                          }})
                    .ok());
    shared = std::thread([&] { answers = RunTogether(all); });
    EXPECT_TRUE(WaitFor([&] { return done == 1; })) << "two of three were written meanwhile";
    EXPECT_EQ(Events(), 3);
    return absl::OkStatus();
  });
  shared.join();
  EXPECT_TRUE(holding.ok()) << holding;
  for (const auto& answer : answers) EXPECT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answers[1]->etag, 2);
}

// One that came first and alone waits for the lock, but not in the only writer's place.
TEST_F(SharingTest, ALockedAggregateKeepsOnlyItsOwnCommandWaiting) {
  const Uuid locked = Uuid::NewV7();
  ASSERT_TRUE(ledger_.Run(NewCommand(), [&](UnitOfWork& w) { return Make(w, locked); }).ok());
  absl::StatusOr<Answer> waited = absl::UnknownError("not run");
  std::atomic<int> begun = 0;
  std::thread first;
  const absl::Status holding = test_.database().Write("hold", [&](db::Tx& tx) {
    Batch elsewhere(tx, absl::Now(), "sample");
    const absl::Status lock = elsewhere.Run({{}, Uuid::NewV7(), [&](UnitOfWork& work) {
                                               work.Lock({locked});
                                               return absl::OkStatus();
                                             }});
    EXPECT_TRUE(lock.ok());
    first = std::thread([&] {
      waited = ledger_.Run(NewCommand(), [&](UnitOfWork& work) {
        ++begun;  // once to see what it locks, once to wait for that
        return Raise(work, locked);
      });
    });
    EXPECT_TRUE(WaitFor([&] { return begun == 2; }));
    const auto other =
        ledger_.Run(NewCommand(), [](UnitOfWork& w) { return Make(w, Uuid::NewV7()); });
    EXPECT_TRUE(other.ok()) << other.status();
    EXPECT_EQ(waited.status().message(), "not run");
    return absl::OkStatus();
  });
  first.join();
  EXPECT_TRUE(holding.ok()) << holding;
  ASSERT_TRUE(waited.ok()) << waited.status();
  EXPECT_EQ(waited->etag, 2);
}

// The second of two places is for when the first is held up.
TEST_F(SharingTest, AHeldUpWriterGetsAnotherBesideIt) {
  Ledger two(test_.database(), clock_, "sample", {.writers = 2});
  std::atomic<bool> go = false;
  std::thread holder = HoldPlace(two, go);
  const auto beside = two.Run(NewCommand(), [](UnitOfWork& w) { return Make(w, Uuid::NewV7()); });
  go = true;
  holder.join();
  EXPECT_TRUE(beside.ok()) << beside.status();
}

TEST_F(SharingTest, ACommandLeavesTheQueueAtItsDeadlineWhileTheWriterIsHeldUp) {
  Asked impatient = Making();
  impatient.command.deadline = absl::Now() + absl::Milliseconds(400);
  const auto answers = RunTogether({Making(), impatient}, [&] {
    EXPECT_TRUE(WaitFor([&] { return ledger_.waiting() == 1; })) << "the writer is still held up";
  });
  EXPECT_TRUE(answers[0].ok()) << answers[0].status();
  EXPECT_EQ(answers[1].status().code(), absl::StatusCode::kDeadlineExceeded);
}

// law:INV1: whatever becomes of a shared COMMIT, each of its commands is done once and hears the
// truth.
TEST_F(SharingTest, ASharedCommitInDoubtIsDecidedByEachStoredAnswer) {
  for (const Cut cut : {Cut::kBeforeCommit, Cut::kAfterCommit}) {
    CommitCutter cutter(test_.conninfo());
    db::Database database({.conninfo = cutter.conninfo()});
    Ledger ledger(database, clock_, "sample", {.writers = 1});
    std::atomic<int> told = 0;
    ledger.OnCommitted([&] { ++told; });
    const int64_t events_before = Events();
    const auto answers = RunTogether(ledger, {Making(), Making(), Refusing(false), Making()},
                                     [&] { cutter.CutNext(cut); });
    EXPECT_EQ(cutter.cuts(), 1);
    for (const size_t made : {0, 1, 3}) {
      ASSERT_TRUE(answers[made].ok()) << answers[made].status();
      EXPECT_EQ(answers[made]->etag, 1);
    }
    EXPECT_EQ(base::ReasonOf(answers[2].status()), "NOT_NOW");
    EXPECT_EQ(Events(), events_before + 3);
    EXPECT_GE(told, 1);
  }
}

TEST_F(SharingTest, NobodyWaitsForAConnectionThatIsDead) {
  CommitCutter cutter(test_.conninfo());
  db::Database database({.conninfo = cutter.conninfo()});
  Ledger ledger(database, clock_, "sample", {.writers = 1});
  const std::vector<Asked> all = {Making(), Making(), Making(), Making()};
  for (const auto& answer :
       RunTogether(ledger, all, [&] { cutter.CutNext(Cut::kBeforeCommit, 1000); })) {
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable) << answer.status();
  }
  EXPECT_EQ(Events(), 0);
  cutter.CutNext(Cut::kBeforeCommit, 0);
  for (const Asked& asked : all) {
    EXPECT_TRUE(ledger.Run(asked.command, asked.use_case).ok());
  }
}

}  // namespace
}  // namespace ieum::ledger
