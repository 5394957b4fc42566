// Goal: a request is done once and answered the same for ever, however often and however
// simultaneously it comes (T26). Method: the same command twenty times at once, in each of the ways
// in which the losers of the race can notice that they lost.
// row:R27
#include <atomic>
#include <set>
#include <thread>

#include "absl/strings/str_split.h"
#include "tests/integration/ledger/ledger_fixture.h"
#include "tests/support/wait.h"

namespace ieum::ledger {
namespace {

using testing::WaitFor;

constexpr int kTimes = 20;

class IdempotenceTest : public LedgerTest {
 protected:
  // All answers of one command sent many times at once, each to a ledger of its own as if to as
  // many replicas: each good and the same; the answer. As many as there are connections have found
  // no answer before the first of them may go on.
  Answer RunAtOnce(const Command& command, Ledger::UseCase use_case) {
    // A deadlock would pass for a lock that is never given.
    db::DatabaseOptions options;
    options.conninfo = test_.conninfo() + " options='-c deadlock_timeout=60s'";
    options.lock_timeout = absl::Seconds(3);
    db::Database database(options);
    std::atomic<int> entered = 0;
    const auto together = [&](UnitOfWork& work) {
      ++entered;
      EXPECT_TRUE(WaitFor([&] { return entered >= options.write_connections; }));
      return use_case(work);
    };
    std::vector<absl::StatusOr<Answer>> answers(kTimes, absl::UnknownError(""));
    std::vector<std::thread> threads;
    for (auto& answer : answers) {
      threads.emplace_back([&] {
        Ledger replica(database, clock_, "sample");
        answer = replica.Run(command, together);
      });
    }
    for (auto& thread : threads) thread.join();
    ExpectOneExecution(answers);
    return answers[0].value_or(Answer());
  }

  void ExpectOneExecution(const std::vector<absl::StatusOr<Answer>>& answers) {
    int done_now = 0;
    for (const auto& answer : answers) {
      EXPECT_TRUE(answer.ok()) << answer.status();
      if (!answer.ok() || !answers[0].ok()) continue;
      EXPECT_TRUE(SameAnswer(*answer, *answers[0]));
      if (!answer->replayed) ++done_now;
    }
    EXPECT_EQ(done_now, 1) << "executions";
    EXPECT_EQ(Answers(), answers_before_ + 1);
  }

  int64_t answers_before_ = 0;
};

// law:T26
TEST_F(IdempotenceTest, OneCreationOfManyAggregatesForTwentyCalls) {
  const Answer answer = RunAtOnce(NewCommand(), [](UnitOfWork& work) -> absl::StatusOr<Done> {
    std::vector<Uuid> ids;
    for (int i = 0; i < 8; ++i) ids.push_back(work.DeriveId(std::to_string(i)));
    work.Lock(ids);
    for (const Uuid& id : ids) AppendTo(work, id);  // no row that the losers would wait for
    return Done{ids[0], NameOf(ids[0])};
  });
  EXPECT_EQ(answer.etag, 1);
  EXPECT_EQ(Events(), 8);
}

// law:T26
TEST_F(IdempotenceTest, OneCreationOfAChosenIdForTwentyCalls) {
  const Uuid id = Uuid::NewV7();
  const Answer answer =
      RunAtOnce(NewCommand(), [&](UnitOfWork& work) { return Make(work, id, 2); });
  EXPECT_EQ(answer.name, NameOf(id));
  EXPECT_EQ(answer.etag, 2);
  EXPECT_EQ(Events(), 2);
}

// law:T26: the losers meet a counter that is no longer what their etag says.
TEST_F(IdempotenceTest, OneChangeOnAnEtagForTwentyCalls) {
  const Uuid id = Uuid::NewV7();
  ASSERT_TRUE(ledger_.Run(NewCommand(), [&](UnitOfWork& work) { return Make(work, id); }).ok());
  answers_before_ = 1;
  const Answer answer = RunAtOnce(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    RETURN_IF_ERROR(work.ExpectEtag(id, "\"1\""));
    Count(work, id);
    return Done{id, NameOf(id)};
  });
  EXPECT_EQ(answer.etag, 2);
  EXPECT_EQ(Events(), 2);
}

// law:T26: the losers meet the winner's unique name, after a write of their own.
TEST_F(IdempotenceTest, OneUniqueNameForTwentyCalls) {
  RunAtOnce(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    const Uuid id = work.DeriveId("counter");
    work.Lock({id});
    Count(work, id);
    RETURN_IF_ERROR(TakeName(work, id, "the only one"));
    return Done{id, NameOf(id)};
  });
  EXPECT_EQ(Events(), 1);
}

// law:T26
TEST_F(IdempotenceTest, OneCommandWithoutEventsForTwentyCalls) {
  const Uuid id = Uuid::NewV7();
  const Answer answer = RunAtOnce(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    RETURN_IF_ERROR(TakeName(work, id, "without events"));
    return Done{id, NameOf(id)};
  });
  EXPECT_EQ(answer.position.pos, 0);
  EXPECT_EQ(answer.position.shard, id.shard());
}

TEST_F(IdempotenceTest, OfTwoBodiesWithOneRequestIdOneWins) {
  const Command first = NewCommand("make it one");
  Command second = first;
  second.request_hash = NewCommand("make it two").request_hash;
  const Uuid one = Uuid::NewV7(), two = Uuid::NewV7();
  absl::StatusOr<Answer> other;
  std::thread thread(
      [&] { other = ledger_.Run(second, [&](UnitOfWork& work) { return Make(work, two); }); });
  const auto answer = ledger_.Run(first, [&](UnitOfWork& work) { return Make(work, one); });
  thread.join();
  EXPECT_NE(answer.ok(), other.ok());
  EXPECT_EQ(base::ReasonOf(answer.ok() ? other.status() : answer.status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Events(), 1);
}

TEST_F(IdempotenceTest, AnotherBodyUnderAKnownRequestIdIsRefused) {
  Command command = NewCommand("make it");
  const auto use_case = [](UnitOfWork& work) { return Make(work, work.DeriveId("counter")); };
  ASSERT_TRUE(ledger_.Run(command, use_case).ok());
  command.request_hash = NewCommand("make another").request_hash;
  bool ran = false;
  const absl::Status status = ledger_
                                  .Run(command,
                                       [&](UnitOfWork& work) {
                                         ran = true;
                                         return use_case(work);
                                       })
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(base::ReasonOf(status), "REQUEST_ID_REUSED");
  EXPECT_FALSE(ran);
  EXPECT_EQ(Events(), 1);
}

TEST_F(IdempotenceTest, AKnownAnswerIsGivenWithoutDoingAnything) {
  const Uuid id = Uuid::NewV7();
  const Command command = NewCommand();
  const Answer first =
      ledger_.Run(command, [&](UnitOfWork& work) { return Make(work, id, 3); }).value();
  EXPECT_FALSE(first.replayed);
  EXPECT_EQ(first.etag, 3);
  EXPECT_EQ(first.position, (Position{id.shard(), 3}));
  // The counter goes on; the answer stays what it was.
  ASSERT_TRUE(ledger_.Run(NewCommand(), [&](UnitOfWork& work) { return Raise(work, id); }).ok());

  int told = 0;
  base::SimulatedClock unset;
  db::Database database({.conninfo = test_.conninfo()});
  Ledger restarted(database, unset, "sample");
  restarted.OnCommitted([&] { ++told; });
  const Answer again = restarted
                           .Run(command,
                                [&](UnitOfWork&) -> absl::StatusOr<Done> {
                                  ADD_FAILURE() << "the use case ran";
                                  return absl::InternalError("");
                                })
                           .value();
  EXPECT_TRUE(again.replayed);
  EXPECT_TRUE(SameAnswer(again, first));
  EXPECT_EQ(told, 0);
  EXPECT_EQ(Events(), 4);
}

TEST_F(IdempotenceTest, ACommandThatRunsAgainMakesTheSameIds) {
  const Command command = NewCommand();
  std::vector<std::vector<Uuid>> ids_of_run;
  const auto answer = ledger_.Run(command, [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    auto done = Make(work, work.DeriveId("counter"), 3);
    std::vector<Uuid>& ids = ids_of_run.emplace_back();
    ids.push_back(done->aggregate_id);
    for (const PendingEvent& event : work.events()) ids.push_back(event.event_id);
    if (ids_of_run.size() < 3) db::Conflict();
    return done;
  });
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(ids_of_run.size(), 3u);
  EXPECT_EQ(ids_of_run[0], ids_of_run[1]);
  EXPECT_EQ(ids_of_run[1], ids_of_run[2]);
  EXPECT_EQ(Ask("SELECT string_agg(event_id::text, ',' ORDER BY pos) FROM event_log"),
            ids_of_run[0][1].ToString() + "," + ids_of_run[0][2].ToString() + "," +
                ids_of_run[0][3].ToString());
  EXPECT_NE(ids_of_run[0][1], ids_of_run[0][2]);
}

// A caller may use one request id for two services; ids are unique among all of them.
TEST_F(IdempotenceTest, TwoServicesMakeOtherIdsOfOneCause) {
  testing::TestDatabase elsewhere;
  Ledger other(elsewhere.database(), clock_, "other");
  const Command command = NewCommand();
  const Uuid cause = Uuid::NewV7();
  std::set<Uuid> aggregates;
  const auto make = [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    const Uuid id = work.DeriveId("counter");
    aggregates.insert(id);
    work.Lock({id});
    AppendTo(work, id);
    return Done{id, NameOf(id)};
  };
  for (Ledger* ledger : {&ledger_, &other}) {
    ASSERT_TRUE(ledger->Run(command, make).ok());
    ASSERT_TRUE(ledger->database()
                    .Write("react",
                           [&](db::Tx& tx) {
                             return ledger->RunWithin(
                                 tx, {}, cause,
                                 [&](UnitOfWork& work) { return make(work).status(); }, nullptr);
                           })
                    .ok());
  }
  EXPECT_EQ(aggregates.size(), 4u);
  const char* ids = "SELECT string_agg(event_id::text, ',' ORDER BY event_id) FROM event_log";
  const std::vector<std::string> here = absl::StrSplit(Ask(ids), ',');
  const std::vector<std::string> there = absl::StrSplit(elsewhere.Ask(ids), ',');
  std::set<std::string> all(here.begin(), here.end());
  all.insert(there.begin(), there.end());
  EXPECT_EQ(all.size(), 4u);
}

TEST_F(IdempotenceTest, OldAnswersGoAndTheIdGoesOnRefusing) {
  const Command old = NewCommand(), young = NewCommand();
  const auto use_case = [](UnitOfWork& work) { return Make(work, work.DeriveId("counter")); };
  ASSERT_TRUE(ledger_.Run(old, use_case).ok());
  ASSERT_TRUE(ledger_.Run(young, use_case).ok());
  Ask("UPDATE command_dedup SET created_at = now() - interval '7 days 1 minute' "
      "WHERE request_id = '" +
      old.request_id.ToString() + "'");
  EXPECT_EQ(ledger_.PruneAnswers(100).value(), 1);
  EXPECT_EQ(ledger_.PruneAnswers(100).value(), 0);
  EXPECT_TRUE(ledger_.Run(young, use_case)->replayed);
  EXPECT_EQ(base::ReasonOf(ledger_.Run(old, use_case).status()), "ID_TAKEN");
}

TEST_F(IdempotenceTest, OldAnswersGoInBatches) {
  Ask("INSERT INTO command_dedup SELECT gen_random_uuid(), '\\x00', 'n', 1, 0, 0, "
      "now() - interval '8 days' FROM generate_series(1, 25)");
  EXPECT_EQ(ledger_.PruneAnswers(10).value(), 10);
  EXPECT_EQ(ledger_.PruneAnswers(10).value(), 10);
  EXPECT_EQ(ledger_.PruneAnswers(10).value(), 5);
  EXPECT_EQ(Answers(), 0);
}

}  // namespace
}  // namespace ieum::ledger
