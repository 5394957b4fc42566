// Goal: a refusal leaves nothing, tells the truth, and does not use up its request id. Method: each
// kind of refusal, then all tables are looked at, then the same request again.
#include <atomic>
#include <thread>

#include "google/protobuf/wrappers.pb.h"
#include "tests/integration/ledger/ledger_fixture.h"
#include "tests/support/wait.h"

namespace ieum::ledger {
namespace {

using testing::WaitFor;

const db::Statement kFail("test_refusals_fail", "SELECT 1 / $1::int");

class RefusalsTest : public LedgerTest {
 protected:
  absl::StatusOr<Answer> RunMake(const Command& command, const Uuid& id) {
    return ledger_.Run(command, [&](UnitOfWork& work) { return Make(work, id); });
  }
  absl::StatusOr<Answer> RunRaise(const Uuid& id, std::string_view etag) {
    return ledger_.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
      work.Lock({id});
      RETURN_IF_ERROR(work.ExpectEtag(id, etag));
      Count(work, id);
      return Done{id, NameOf(id)};
    });
  }
};

TEST_F(RefusalsTest, ComeBackAsTheyAreAndLeaveNothing) {
  int told = 0;
  ledger_.OnCommitted([&] { ++told; });
  const Command command = NewCommand();
  const Uuid id = Uuid::NewV7();
  for (const bool after_writing : {false, true}) {
    const absl::Status status = ledger_
                                    .Run(command,
                                         [&](UnitOfWork& work) -> absl::StatusOr<Done> {
                                           work.Lock({id});
                                           if (after_writing) Count(work, id, 2);
                                           return base::InvalidField("TOO_LATE", "window", "over");
                                         })
                                    .status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::ReasonOf(status), "TOO_LATE");
    EXPECT_THAT(base::FieldsOf(status), ::testing::ElementsAre("window"));
    ExpectUntouched();
  }
  EXPECT_EQ(told, 0);
  const auto answer = RunMake(command, id);
  ASSERT_TRUE(answer.ok()) << "a refused request may come again: " << answer.status();
  EXPECT_FALSE(answer->replayed);
  EXPECT_EQ(answer->position.pos, 1) << "the refusals left a hole";
  EXPECT_EQ(told, 1);
}

TEST_F(RefusalsTest, OfTheDatabaseLeaveNothing) {
  const Command command = NewCommand();
  const Uuid id = Uuid::NewV7();
  const absl::Status status = ledger_
                                  .Run(command,
                                       [&](UnitOfWork& work) -> absl::StatusOr<Done> {
                                         auto done = Make(work, id, 2);
                                         work.tx().Exec(kFail, 0);
                                         return done;
                                       })
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  ExpectUntouched();
  EXPECT_TRUE(RunMake(command, id).ok());
}

// row:R26
TEST_F(RefusalsTest, OfAStaleEtagNameTheCurrentOne) {
  const Uuid id = Uuid::NewV7();
  ASSERT_TRUE(RunMake(NewCommand(), id).ok());
  EXPECT_EQ(RunRaise(id, "\"1\"").value().etag, 2);
  for (const char* stale : {"\"1\"", "\"3\"", "2", "\"2", "W/\"2\"", "*", "\"02\"", "x"}) {
    const absl::Status status = RunRaise(id, stale).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << stale;
    EXPECT_EQ(base::ReasonOf(status), "STALE_ETAG") << stale;
  }
  EXPECT_EQ(Events(), 2);
  EXPECT_EQ(Answers(), 2);
  EXPECT_EQ(RunRaise(id, "").value().etag, 3) << "no etag, no condition";
  EXPECT_EQ(FormatEtag(3), "\"3\"");
  EXPECT_EQ(RunRaise(id, FormatEtag(3)).value().etag, 4);
}

TEST_F(RefusalsTest, OfAStaleEtagGoToAllButOneOfManyWriters) {
  const Uuid id = Uuid::NewV7();
  ASSERT_TRUE(RunMake(NewCommand(), id).ok());
  std::atomic<int> won = 0, stale = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      const auto answer = RunRaise(id, "\"1\"");
      if (answer.ok()) ++won;
      if (base::ReasonOf(answer.status()) == "STALE_ETAG") ++stale;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(stale, 7);
  EXPECT_EQ(Events(), 2);
}

// Both saw that there was no such counter; the database lets one through and the other looks again.
TEST_F(RefusalsTest, GoToTheSecondOfTwoCreatorsOfOneId) {
  const Uuid id = Uuid::NewV7();
  std::atomic<int> looked = 0, runs = 0;
  const auto make = [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    const bool first_run = ++runs <= 2;
    ++looked;
    if (first_run) {
      EXPECT_TRUE(WaitFor([&] { return looked >= 2; }));
    }
    if (work.Version(id) > 0) return base::AlreadyExists("ID_TAKEN", "there is such a counter");
    Count(work, id);
    return Done{id, NameOf(id)};
  };
  absl::StatusOr<Answer> other;
  std::thread thread([&] { other = ledger_.Run(NewCommand(), make); });
  const auto answer = ledger_.Run(NewCommand(), make);
  thread.join();
  EXPECT_NE(answer.ok(), other.ok());
  EXPECT_EQ(base::ReasonOf(answer.ok() ? other.status() : answer.status()), "ID_TAKEN");
  EXPECT_EQ(runs, 3) << "the loser runs once more and then sees the winner's";
  EXPECT_EQ(Events(), 1);
  EXPECT_EQ(Answers(), 1);
}

TEST_F(RefusalsTest, OfAClockThatWasNeverSetLeaveNothing) {
  base::SimulatedClock unset;
  Ledger ledger(test_.database(), unset, "sample");
  const Command command = NewCommand();
  const Uuid id = Uuid::NewV7();
  const auto use_case = [&](UnitOfWork& work) { return Make(work, id); };
  const absl::Status status = ledger.Run(command, use_case).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(base::ReasonOf(status), "CLOCK_NOT_SET");
  ExpectUntouched();
  ASSERT_TRUE(unset.Set(absl::FromUnixSeconds(1'678'086'000)).ok());
  EXPECT_TRUE(ledger.Run(command, use_case).ok());
}

TEST_F(RefusalsTest, OfAnEventThatIsTooLargeLeaveNothing) {
  const Uuid id = Uuid::NewV7();
  const auto make_of = [&](size_t bytes) {
    return [&, bytes](UnitOfWork& work) -> absl::StatusOr<Done> {
      work.Lock({id});
      google::protobuf::BytesValue event;
      event.set_value(std::string(bytes, 'x'));
      work.Append(id, "counter", NameOf(id), event);
      return Done{id, NameOf(id)};
    };
  };
  const absl::Status status = ledger_.Run(NewCommand(), make_of(kMaxEventBytes)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(base::ReasonOf(status).empty());
  ExpectUntouched();
  const size_t field_header = 4;  // tag and length
  EXPECT_TRUE(ledger_.Run(NewCommand(), make_of(kMaxEventBytes - field_header)).ok());
  EXPECT_EQ(Number("SELECT octet_length(payload) FROM event_log"),
            static_cast<int64_t>(kMaxEventBytes));
}

TEST_F(RefusalsTest, WaitForNobodyWhoLocksInAnotherOrder) {
  // Two commands name the same aggregates in opposite order; locks are taken in id order, so
  // neither is ever the victim of a deadlock.
  db::DatabaseOptions options;
  options.conninfo = test_.conninfo() + " options='-c deadlock_timeout=60s'";
  options.lock_timeout = absl::Seconds(3);
  db::Database database(options);
  Ledger ledger(database, clock_, "sample");
  std::vector<Uuid> ids;
  for (int i = 0; i < 6; ++i) {
    ids.push_back(Uuid::NewV7());
    ASSERT_TRUE(ledger.Run(NewCommand(), [&](UnitOfWork& w) { return Make(w, ids.back()); }).ok());
  }
  const std::vector<Uuid> reversed(ids.rbegin(), ids.rend());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto answer = ledger.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
          const auto& order = t % 2 == 0 ? ids : reversed;
          work.Lock(order);
          for (const Uuid& id : order) Count(work, id);
          return Done{ids[0], NameOf(ids[0])};
        });
        EXPECT_TRUE(answer.ok()) << answer.status();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(Events(), 6 + 4 * 20 * 6);
}

// Nothing can be locked that is not there yet, so new aggregates are written in id order, too.
TEST_F(RefusalsTest, MeetNoDeadlockOverNewAggregates) {
  std::vector<Uuid> ids;
  for (int i = 0; i < 12; ++i) ids.push_back(Uuid::NewV7());
  const auto answer = ledger_.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock(ids);
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) AppendTo(work, *id);
    return Done{ids[0], NameOf(ids[0])};
  });
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(Ask("SELECT array_agg(id ORDER BY ctid) = array_agg(id ORDER BY id) FROM aggregate"),
            "t");
}

}  // namespace
}  // namespace ieum::ledger
