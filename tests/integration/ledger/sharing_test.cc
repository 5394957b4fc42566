// Goal: commands that share a transaction are answered as if each had its own, whatever one of them
// does to the others: nobody hears of something that was not committed, nobody waits for ever.
// Method: one writer, kept busy until all others wait, so that they share the next transaction for
// certain; how many there were is read from the rows' own transaction ids.
// row:R27
#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "platform/telemetry/trace.h"
#include "tests/integration/ledger/ledger_fixture.h"
#include "tests/support/commit_cutter.h"
#include "tests/support/wait.h"

namespace ieum::ledger {
namespace {

using testing::CommitCutter;
using testing::Cut;
using testing::WaitFor;

const db::Statement kFail("test_sharing_fail", "SELECT 1 / $1::int");
const db::Statement kLook("test_sharing_look", "SELECT count(*) FROM counter");
const db::Statement kAssumedName("test_sharing_name", R"(
  INSERT INTO counter_name (name, id) VALUES ($1, $2) ON CONFLICT DO NOTHING)");

struct Asked {
  std::function<absl::StatusOr<Done>(UnitOfWork&)> use_case;
  Command command = NewCommand();
};

absl::Status AssumeName(UnitOfWork& work, const Uuid& id, const std::string& name) {
  if (work.tx().ExecOne(kAssumedName, name, id)) return absl::OkStatus();
  return base::AlreadyExists("NAME_TAKEN", "another counter has this name");
}

Asked Making(const Uuid& id = Uuid::NewV7()) {
  return {[id](UnitOfWork& work) { return Make(work, id); }};
}
Asked Raising(const Uuid& id) {
  return {[id](UnitOfWork& work) { return Raise(work, id); }};
}
Asked Naming(const std::string& name) {
  return {[name, id = Uuid::NewV7()](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    RETURN_IF_ERROR(AssumeName(work, id, name));
    AppendTo(work, id);
    return Done{id, NameOf(id)};
  }};
}
Asked Refusing(bool after_writing) {
  return {[after_writing, id = Uuid::NewV7()](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    if (after_writing) Count(work, id);
    return base::Forbidden("NOT_NOW", "not now");
  }};
}

class SharingTest : public LedgerTest {
 protected:
  using Answers = std::vector<absl::StatusOr<Answer>>;

  // Of all of them, in the order in which they queue behind a command that keeps the writer busy
  // until `ready`, too.
  Answers RunTogether(
      const std::vector<Asked>& all, const std::function<void()>& ready = [] {}) {
    return RunTogether(ledger_, all, ready);
  }
  Answers RunTogether(
      Ledger& ledger, const std::vector<Asked>& all, const std::function<void()>& ready = [] {}) {
    std::atomic<bool> holds = false, go = false;
    std::thread holder([&] {
      const Uuid id = Uuid::NewV7();
      const auto held = ledger.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
        holds = true;
        EXPECT_TRUE(WaitFor([&] { return go.load(); }));
        work.Lock({id});
        return base::Forbidden("HELD", "it only keeps the place");
      });
      EXPECT_EQ(base::ReasonOf(held.status()), "HELD");
    });
    EXPECT_TRUE(WaitFor([&] { return holds.load(); }));
    Answers answers(all.size(), absl::UnknownError(""));
    std::vector<std::thread> threads;
    for (size_t i = 0; i < all.size(); ++i) {
      threads.emplace_back([&, i] { answers[i] = ledger.Run(all[i].command, all[i].use_case); });
      EXPECT_TRUE(WaitFor([&] { return ledger.waiting() == i + 1; }));
    }
    ready();
    go = true;
    holder.join();
    for (auto& thread : threads) thread.join();
    return answers;
  }

  int64_t StoredAnswers() { return LedgerTest::Answers(); }
  int64_t Transactions() { return Number("SELECT count(DISTINCT xmin::text) FROM event_log"); }

  Ledger ledger_{test_.database(), clock_, "sample", {.writers = 1}};
};

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
