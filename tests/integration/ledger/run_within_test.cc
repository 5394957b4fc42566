// Goal: what a consumer or a timer does lives and dies with its transaction, and an event caused by
// an event is made once. Method: transactions of the test's own, committed and not.
#include "google/protobuf/wrappers.pb.h"
#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

const db::Statement kMove("test_move_cursor", R"(
  INSERT INTO inbox_cursor (producer, shard, epoch, pos) VALUES ('other', 0, 1, $1)
  ON CONFLICT (producer, shard) DO UPDATE SET pos = EXCLUDED.pos)");

class RunWithinTest : public LedgerTest {
 protected:
  // A consumer's transaction: the effect, and the position that it moves.
  absl::Status Consume(const Uuid& cause, int64_t pos, absl::Status outcome,
                       std::vector<PendingEvent>* appended = nullptr) {
    return test_.database().Write("consume", [&](db::Tx& tx) -> absl::Status {
      RETURN_IF_ERROR(ledger_.RunWithin(
          tx, {"service/sample", "process", cause.ToString(), ""}, cause,
          [&](UnitOfWork& work) { return Raise(work, id_, 2).status(); }, appended));
      tx.Exec(kMove, pos);
      return outcome;
    });
  }
  const Uuid id_ = Uuid::NewV7();
};

TEST_F(RunWithinTest, CommitsWithItsTransaction) {
  int told = 0;
  ledger_.OnCommitted([&] { ++told; });
  std::vector<PendingEvent> appended;
  ASSERT_TRUE(Consume(Uuid::NewV7(), 7, absl::OkStatus(), &appended).ok());
  EXPECT_EQ(told, 0) << "whoever commits tells";
  ledger_.Committed();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(Events(), 2);
  EXPECT_EQ(Answers(), 0) << "no request, no answer";
  ASSERT_EQ(appended.size(), 2u);
  EXPECT_EQ(appended[0].position, (Position{id_.shard(), 1}));
  EXPECT_EQ(appended[1].position, (Position{id_.shard(), 2}));
  EXPECT_EQ(appended[1].version, 2);
  EXPECT_EQ(appended[1].payload, PayloadOf("counted 2"));
  EXPECT_EQ(Ask("SELECT event_id FROM event_log WHERE version = 2"),
            appended[1].event_id.ToString());
  EXPECT_EQ(Ask("SELECT pos FROM inbox_cursor"), "7");
}

TEST_F(RunWithinTest, IsRolledBackWithItsTransaction) {
  EXPECT_EQ(base::ReasonOf(Consume(Uuid::NewV7(), 7, base::Forbidden("LOST", "lost"))), "LOST");
  ExpectUntouched();
  EXPECT_EQ(Ask("SELECT count(*) FROM inbox_cursor"), "0");
}

TEST_F(RunWithinTest, MakesTheSameIdsOfTheSameCause) {
  const Uuid cause = Uuid::NewV7();
  std::vector<PendingEvent> first, second, other;
  EXPECT_FALSE(Consume(cause, 1, absl::AbortedError("once more"), &first).ok());
  EXPECT_TRUE(Consume(cause, 1, absl::OkStatus(), &second).ok());
  EXPECT_TRUE(Consume(Uuid::NewV7(), 2, absl::OkStatus(), &other).ok());
  ASSERT_EQ(first.size(), 2u);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(first[0].event_id, second[0].event_id);
  EXPECT_EQ(first[1].event_id, second[1].event_id);
  EXPECT_NE(other[0].event_id, second[0].event_id);
}

TEST_F(RunWithinTest, HandsARefusalOn) {
  const absl::Status status = test_.database().Write("consume", [&](db::Tx& tx) {
    return ledger_.RunWithin(
        tx, {}, Uuid::NewV7(),
        [&](UnitOfWork& work) -> absl::Status {
          work.Lock({id_});
          Count(work, id_);
          return base::Forbidden("CLOSED", "closed");
        },
        nullptr);
  });
  EXPECT_EQ(base::ReasonOf(status), "CLOSED");
  ExpectUntouched();
}

TEST_F(RunWithinTest, RefusesWhatRunRefuses) {
  base::SimulatedClock unset;
  Ledger without_time(test_.database(), unset, "sample");
  const auto nothing = [](UnitOfWork&) { return absl::OkStatus(); };
  const auto large = [&](UnitOfWork& work) {
    work.Lock({id_});
    google::protobuf::BytesValue event;
    event.set_value(std::string(kMaxEventBytes, 'x'));
    work.Append(id_, "counter", NameOf(id_), event);
    return absl::OkStatus();
  };
  const auto run = [&](Ledger& ledger, absl::FunctionRef<absl::Status(UnitOfWork&)> body) {
    return test_.database().Write("consume", [&](db::Tx& tx) {
      return ledger.RunWithin(tx, {}, Uuid::NewV7(), body, nullptr);
    });
  };
  EXPECT_EQ(base::ReasonOf(run(without_time, nothing)), "CLOCK_NOT_SET");
  EXPECT_EQ(run(ledger_, large).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(run(ledger_, nothing).ok());
  ExpectUntouched();
}

TEST_F(RunWithinTest, RunsTwiceInOneTransaction) {
  const Uuid other = NewIdOn(id_.shard());
  ASSERT_TRUE(test_.database()
                  .Write("batch",
                         [&](db::Tx& tx) -> absl::Status {
                           for (const Uuid& id : {id_, other, id_}) {
                             RETURN_IF_ERROR(ledger_.RunWithin(
                                 tx, {}, Uuid::NewV7(),
                                 [&](UnitOfWork& work) { return Raise(work, id).status(); },
                                 nullptr));
                           }
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(Events(), 3);
  EXPECT_EQ(Number("SELECT version FROM aggregate WHERE id = '" + id_.ToString() + "'"), 2);
}

}  // namespace
}  // namespace ieum::ledger
