// Goal: commands that share a transaction are answered as if each had its own, whatever one of them
// does to the others: nobody hears of something that was not committed, nobody waits for ever.
// Method: one writer, kept busy until all others wait, so that they share the next transaction for
// certain; how many there were is read from the rows' own transaction ids.
// row:R27
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "platform/telemetry/trace.h"
#include "tests/integration/ledger/sharing_fixture.h"
#include "tests/support/wait.h"

namespace ieum::ledger {
namespace {

using testing::WaitFor;

const db::Statement kFail("test_sharing_fail", "SELECT 1 / $1::int");
const db::Statement kLook("test_sharing_look", "SELECT count(*) FROM counter");

TEST_F(SharingTest, PutsAllThatWaitIntoOneTransaction) {
  std::atomic<int> told = 0;
  ledger_.OnCommitted([&] { ++told; });
  std::vector<Asked> all;
  for (int i = 0; i < 12; ++i) all.push_back(Making());
  for (const auto& answer : RunTogether(all)) {
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->etag, 1);
    EXPECT_FALSE(answer->replayed);
  }
  EXPECT_EQ(Transactions(), 1);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(Events(), 12);
  EXPECT_EQ(StoredAnswers(), 12);
}

TEST_F(SharingTest, TakesNoMoreThanItMay) {
  Ledger small(test_.database(), clock_, "sample", {.writers = 1, .commands = 4});
  std::vector<Asked> all;
  for (int i = 0; i < 12; ++i) all.push_back(Making());
  for (const auto& answer : RunTogether(small, all)) EXPECT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(Transactions(), 3);
}

// law:INV3: a later unit goes on from the version that an earlier one of the transaction has made.
TEST_F(SharingTest, LetsSeveralChangeOneAggregate) {
  const Uuid id = Uuid::NewV7();
  const auto answers = RunTogether({Making(id), Raising(id), Making(id), Raising(id), Raising(id)});
  EXPECT_EQ(base::ReasonOf(answers[2].status()), "ID_TAKEN");
  std::vector<int64_t> etags, positions;
  for (const auto& answer : answers) {
    if (!answer.ok()) continue;
    etags.push_back(answer->etag);
    positions.push_back(answer->position.pos);
  }
  EXPECT_THAT(etags, ::testing::ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(positions, ::testing::ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(Transactions(), 1);
  EXPECT_EQ(Number("SELECT value FROM counter"), 4);
}

TEST_F(SharingTest, GoesOnAfterARefusalThatHasWrittenNothing) {
  const auto answers = RunTogether({Making(), Refusing(false), Making()});
  EXPECT_TRUE(answers[0].ok() && answers[2].ok());
  EXPECT_EQ(base::ReasonOf(answers[1].status()), "NOT_NOW");
  EXPECT_EQ(Transactions(), 1);
  EXPECT_EQ(StoredAnswers(), 2);
}

TEST_F(SharingTest, StartsAgainWithoutOneThatIsRefusedAfterWriting) {
  const auto answers = RunTogether({Making(), Refusing(true), Making()});
  EXPECT_TRUE(answers[0].ok() && answers[2].ok());
  EXPECT_EQ(base::ReasonOf(answers[1].status()), "NOT_NOW");
  EXPECT_EQ(Transactions(), 1);
  EXPECT_EQ(Counters(), 2);
  EXPECT_EQ(StoredAnswers(), 2);
}

TEST_F(SharingTest, StartsAgainWithoutThoseWhoseAssumptionWasWrong) {
  const auto answers = RunTogether(
      {Naming("one"), Naming("two"), Naming("one"), Naming("two"), Naming("three"), Making()});
  for (const size_t good : {0, 1, 4, 5}) EXPECT_TRUE(answers[good].ok()) << good;
  for (const size_t late : {2, 3}) EXPECT_EQ(base::ReasonOf(answers[late].status()), "NAME_TAKEN");
  EXPECT_EQ(Transactions(), 1);
  EXPECT_EQ(Number("SELECT count(*) FROM counter_name"), 3);
}

// The name was free in the end; who was told otherwise would have been told of a neighbour's dream.
TEST_F(SharingTest, TellsNoRefusalThatDependedOnAnUncommittedNeighbour) {
  const auto named = [](const char* name, bool fails) {
    return Asked{[=, id = Uuid::NewV7()](UnitOfWork& work) -> absl::StatusOr<Done> {
      work.Lock({id});
      RETURN_IF_ERROR(TakeName(work, id, name));
      AppendTo(work, id);
      if (fails) work.tx().Exec(kFail, 0);
      return Done{id, NameOf(id)};
    }};
  };
  const auto answers = RunTogether({named("x", true), named("x", false), named("y", false)});
  EXPECT_FALSE(answers[0].ok());
  EXPECT_TRUE(answers[1].ok()) << answers[1].status();
  EXPECT_TRUE(answers[2].ok()) << answers[2].status();
}

TEST_F(SharingTest, RunsAllAloneWhenSeveralBreakIt) {
  const auto conflicting = [] {
    return Asked{[](UnitOfWork& work) -> absl::StatusOr<Done> {
      work.Lock({Uuid::NewV7()});
      db::Conflict();
    }};
  };
  const auto answers = RunTogether(
      {Making(), conflicting(), Making(), conflicting(), conflicting(), Making(), Refusing(true)});
  for (const size_t good : {0, 2, 5}) EXPECT_TRUE(answers[good].ok()) << answers[good].status();
  for (const size_t bad : {1, 3, 4}) {
    EXPECT_EQ(answers[bad].status().code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(base::ReasonOf(answers[6].status()), "NOT_NOW");
  EXPECT_EQ(Transactions(), 3);
}

TEST_F(SharingTest, NeverRunsOneRequestTwiceAtOnce) {
  Asked first = Making(), again = first, other = Making();
  std::atomic<int> runs = 0;
  first.use_case = again.use_case = [&runs, id = Uuid::NewV7()](UnitOfWork& work) {
    ++runs;
    return Make(work, id);
  };
  Asked reused = again;
  reused.command.request_hash = NewCommand("another body").request_hash;
  const auto answers = RunTogether({first, other, again, reused});
  ASSERT_TRUE(answers[0].ok() && answers[1].ok() && answers[2].ok());
  EXPECT_FALSE(answers[0]->replayed);
  EXPECT_TRUE(answers[2]->replayed);
  EXPECT_TRUE(SameAnswer(*answers[0], *answers[2]));
  EXPECT_EQ(base::ReasonOf(answers[3].status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(runs, 2) << "once to learn what it locks, once for good";
}

TEST_F(SharingTest, FindsStoredAnswersAmongNewCommands) {
  std::vector<Asked> all = {Making(), Making(), Making(), Making(), Making()};
  ASSERT_TRUE(ledger_.Run(all[1].command, all[1].use_case).ok());
  ASSERT_TRUE(ledger_.Run(all[3].command, all[3].use_case).ok());
  all[3].command.request_hash = NewCommand("another body").request_hash;
  const auto answers = RunTogether(all);
  for (const size_t fresh : {0, 2, 4}) EXPECT_FALSE(answers[fresh].value().replayed);
  EXPECT_TRUE(answers[1].value().replayed);
  EXPECT_EQ(base::ReasonOf(answers[3].status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Events(), 5);
}

TEST_F(SharingTest, RunsAloneWhatAsksTheDatabaseBeforeItLocks) {
  Asked asking{[id = Uuid::NewV7()](UnitOfWork& work) -> absl::StatusOr<Done> {
                 work.tx().Exec(kLook);
                 return Make(work, id);
               },
               NewCommand("look", "LookFirst")};
  for (const auto& answer : RunTogether({Making(), asking, Making()})) {
    EXPECT_TRUE(answer.ok()) << answer.status();
  }
  EXPECT_EQ(Transactions(), 2);
}

TEST_F(SharingTest, LeavesACommandAloneThatWantsToBe) {
  Command command = NewCommand();
  command.alone = true;
  const auto answers = RunTogether({Making(), Making()}, [&] {
    const auto alone = ledger_.Run(command, [](UnitOfWork& w) { return Make(w, Uuid::NewV7()); });
    EXPECT_TRUE(alone.ok()) << "it does not wait for the writer either: " << alone.status();
  });
  EXPECT_TRUE(answers[0].ok() && answers[1].ok());
  EXPECT_EQ(Transactions(), 2);
}

TEST_F(SharingTest, DoesNotBeginWhatIsNoLongerWanted) {
  Asked late = Making();
  std::atomic<bool> ran = false;
  late.use_case = [&](UnitOfWork& work) {
    ran = true;
    return Make(work, Uuid::NewV7());
  };
  late.command.deadline = absl::Now() + absl::Milliseconds(300);
  Asked breaks = Refusing(true);
  const auto answers = RunTogether({Making(), late, breaks, Making()}, [&] {
    EXPECT_TRUE(WaitFor([&] { return absl::Now() > late.command.deadline; }));
  });
  EXPECT_EQ(answers[1].status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_FALSE(ran);
  EXPECT_TRUE(answers[0].ok() && answers[3].ok());
}

// Log lines and events carry the trace of their own request.
TEST_F(SharingTest, RunsEachUnderItsOwnTrace) {
  std::mutex mutex;
  std::multimap<std::string, std::thread::id> ran;
  std::vector<Asked> all;
  std::set<std::string> traces;
  Answers answers(4, absl::UnknownError(""));
  for (int i = 0; i < 4; ++i) {
    const auto trace = telemetry::TraceContext::New();
    traces.insert(trace.trace_id);
    Asked asked = Making();
    asked.use_case = [&, id = Uuid::NewV7()](UnitOfWork& work) {
      std::lock_guard lock(mutex);
      ran.emplace(telemetry::CurrentTrace().trace_id, std::this_thread::get_id());
      return Make(work, id);
    };
    all.push_back(asked);
  }
  std::vector<std::thread> threads;
  RunTogether({Making()}, [&] {
    auto trace = traces.begin();
    for (size_t i = 0; i < all.size(); ++i, ++trace) {
      threads.emplace_back([&, i, id = *trace] {
        const telemetry::TraceScope scope({id, "00f067aa0ba902b7", true});
        answers[i] = ledger_.Run(all[i].command, all[i].use_case);
        EXPECT_EQ(telemetry::CurrentTrace().trace_id, id) << "of the caller, as before";
      });
    }
    EXPECT_TRUE(WaitFor([&] { return ledger_.waiting() == all.size() + 1; }));
  });
  for (auto& thread : threads) thread.join();
  std::set<std::string> seen;
  std::set<std::thread::id> on;
  for (const auto& [trace, thread] : ran) {
    seen.insert(trace);
    on.insert(thread);
  }
  EXPECT_EQ(seen, traces);
  EXPECT_EQ(on.size(), 1u) << "one thread ran them all";
}

}  // namespace
}  // namespace ieum::ledger
