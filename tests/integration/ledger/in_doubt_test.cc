// Goal: when nobody knows whether a commit happened, the stored answer decides and the caller gets
// a true answer or none. Method: the wire is cut right before and right after COMMIT.
#include "tests/integration/ledger/ledger_fixture.h"
#include "tests/support/commit_cutter.h"

namespace ieum::ledger {
namespace {

using testing::CommitCutter;
using testing::Cut;

class InDoubtTest : public LedgerTest {
 protected:
  InDoubtTest() {
    cut_.OnCommitted([this] { ++told_; });
  }
  absl::StatusOr<Answer> RunMake(const Command& command) {
    return cut_.Run(command, [&](UnitOfWork& work) { return Make(work, id_, 2); });
  }

  CommitCutter cutter_{test_.conninfo()};
  db::Database database_{{.conninfo = cutter_.conninfo()}};
  Ledger cut_{database_, clock_, "sample"};
  const Uuid id_ = Uuid::NewV7();
  int told_ = 0;
};

TEST_F(InDoubtTest, ACommitThatHappenedIsAnsweredFromTheLedger) {
  cutter_.CutNext(Cut::kAfterCommit);
  const auto answer = RunMake(NewCommand());
  EXPECT_EQ(cutter_.cuts(), 1);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->etag, 2);
  EXPECT_EQ(answer->position, (Position{id_.shard(), 2}));
  EXPECT_EQ(Events(), 2);
  EXPECT_EQ(told_, 1) << "the relay hears of events whose commit was in doubt";
}

TEST_F(InDoubtTest, ACommitThatDidNotHappenIsDoneAgain) {
  cutter_.CutNext(Cut::kBeforeCommit);
  const auto answer = RunMake(NewCommand());
  EXPECT_EQ(cutter_.cuts(), 1);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->etag, 2);
  EXPECT_FALSE(answer->replayed);
  EXPECT_EQ(Events(), 2);
  EXPECT_EQ(told_, 1);
}

TEST_F(InDoubtTest, ADoubtThatStaysIsSaidAndTheSameRequestEndsIt) {
  for (const Cut cut : {Cut::kBeforeCommit, Cut::kAfterCommit}) {
    const Command command = NewCommand();
    const int64_t events_before = Events();
    cutter_.CutNext(cut, 100);
    const auto raise = [&](UnitOfWork& work) { return Raise(work, id_); };
    const absl::Status status = cut_.Run(command, raise).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_EQ(base::ReasonOf(status), "UNAVAILABLE");
    cutter_.CutNext(cut, 0);
    const auto answer = cut_.Run(command, raise);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->replayed, cut == Cut::kAfterCommit);
    EXPECT_EQ(Events(), events_before + 1) << "executions";
  }
}

TEST_F(InDoubtTest, AReadNeedsNoAnswerFromTheLedger) {
  ASSERT_TRUE(RunMake(NewCommand()).ok());
  cutter_.CutNext(Cut::kBeforeCommit);
  (void)cut_.Positions();
  EXPECT_TRUE(cut_.Positions().ok());
}

}  // namespace
}  // namespace ieum::ledger
