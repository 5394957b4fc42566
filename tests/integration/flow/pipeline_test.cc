// Goal: what is committed in one service is applied in another, once and in order, whatever happens
// to the broker and the processes in between. Method: real servers, killed on purpose; the effect's
// own rows are counted at the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/integration/flow/flow_fixture.h"
#include "tests/support/wait.h"

namespace ieum::flow::testing {
namespace {

using ieum::testing::WaitFor;

class PipelineTest : public ::testing::Test {
 protected:
  void StartSample() {
    sample_ = std::make_unique<Node>(Node::Options{
        .service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
  }
  void StartTally(bool reads_ledger = true) {
    LogReader reader;
    if (reads_ledger) reader = ReaderOf(reading_, ledger_up_);
    tally_ = std::make_unique<Node>(Node::Options{.service = "tally",
                                                  .database = &tally_db_.database(),
                                                  .nats_url = nats_.url(),
                                                  .log_reader = reader,
                                                  .listen = tally_db_.Effects()});
  }
  void StartBoth() {
    StartSample();
    StartTally();
  }
  Writer Write() { return Writer(sample_->ledger()); }
  // All of `rows` arrived, each once and in order.
  void ExpectRows(int64_t rows) {
    EXPECT_TRUE(WaitFor([&] { return tally_db_.Rows() >= rows; }, std::chrono::seconds(60)))
        << tally_db_.Rows() << " of " << rows;
    EXPECT_EQ(tally_db_.Rows(), rows);
    EXPECT_EQ(tally_db_.Fault(), "");
    EXPECT_EQ(tally_db_.DeadLetters(), 0);
  }

  NatsServer nats_{NatsServer::Begin::kStopped};
  TestDatabase sample_db_;
  TallyDatabase tally_db_;
  base::SystemClock clock_;
  ledger::Ledger reading_{sample_db_.database(), clock_, "sample"};
  std::atomic<bool> ledger_up_{true};
  std::unique_ptr<Node> sample_, tally_;
};

TEST_F(PipelineTest, CarriesEventsFromLedgerToEffectOnce) {
  nats_.Start();
  StartBoth();
  Write().CountMany(100);
  ExpectRows(100);
  EXPECT_TRUE(WaitFor([&] { return sample_->Published() == 100; }));
  EXPECT_EQ(tally_->Progress().consumers(0).producer(), "sample");
  EXPECT_TRUE(sample_->Progress().relay_leader());
  EXPECT_EQ(sample_->Metric("messaging_client_sent_messages_total"), 100);
}

TEST_F(PipelineTest, AnswersAnEventWithOneOfItsOwn) {
  nats_.Start();
  StartBoth();
  Write().Count(5);
  Write().Rename(5, "five");
  EXPECT_TRUE(WaitFor([&] { return tally_db_.Answers() == 1; }));
  EXPECT_EQ(tally_db_.Ask("SELECT actor FROM event_log"), "service/tally");
  EXPECT_EQ(tally_db_.Ask("SELECT correlation_id FROM event_log"), "correlation-5");
  EXPECT_EQ(tally_db_.Ask("SELECT causation_id FROM event_log"),
            sample_db_.Ask("SELECT event_id FROM event_log WHERE type LIKE '%Renamed'"));
  EXPECT_TRUE(WaitFor([&] { return tally_->Published() == 1; })) << "and publishes it";
}

TEST_F(PipelineTest, MovesOverWhatNobodyListensTo) {
  nats_.Start();
  StartBoth();
  for (int i = 0; i < 20; ++i) Write().Glance(i);
  EXPECT_TRUE(WaitFor([&] { return tally_db_.Applied() == 20; }));
  EXPECT_EQ(tally_db_.Rows(), 0);
}

TEST_F(PipelineTest, SurvivesABrokerThatIsKilled) {
  nats_.Start();
  StartBoth();
  for (int round = 0; round < 3; ++round) {
    Write().CountMany(100);
    nats_.KillNine();
    Write().CountMany(50);
    nats_.Start();
  }
  ExpectRows(450);
}

TEST_F(PipelineTest, SurvivesABrokerThatHangs) {
  nats_.Start();
  StartBoth();
  Write().CountMany(100);
  nats_.Signal(SIGSTOP);
  Write().CountMany(100);
  // Longer than an acknowledgement is waited for: what was sent is given up, and arrives as a
  // ghost.
  EXPECT_TRUE(WaitFor([&] { return sample_->Metric("ieum_outbox_oldest_seconds") > 1.5; }));
  nats_.Signal(SIGCONT);
  Write().CountMany(100);
  ExpectRows(300);
  EXPECT_TRUE(WaitFor([&] { return sample_->Published() == 300; }));
}

TEST_F(PipelineTest, FillsAStreamAgainWhoseStoreWasWiped) {
  nats_.Start();
  StartBoth();
  Write().CountMany(100);
  ExpectRows(100);
  nats_.KillNine();
  nats_.WipeStore();
  nats_.Start();
  Write().CountMany(100);
  ExpectRows(200);
  EXPECT_TRUE(WaitFor([&] { return sample_->Metric("ieum_broker_losses_total") == 1; }));
  EXPECT_TRUE(WaitFor([&] { return sample_->Published() == 200; }));
}

TEST_F(PipelineTest, StartsWithoutABroker) {
  StartBoth();
  EXPECT_TRUE(absl::IsUnavailable(sample_->flow().BrokerReady()));
  Write().CountMany(50);
  nats_.Start();
  EXPECT_TRUE(WaitFor([&] { return sample_->flow().BrokerReady().ok(); }));
  ExpectRows(50);
}

TEST_F(PipelineTest, ReadsTheLedgerWhileThereIsNoBrokerAtAll) {
  StartBoth();
  Write().CountMany(200, 3);
  ExpectRows(600);
  EXPECT_FALSE(tally_->flow().BrokerReady().ok());
}

TEST_F(PipelineTest, CatchesUpWithABacklog) {
  nats_.Start();
  StartSample();
  Write().CountMany(400, 50);
  StartTally(/*reads_ledger=*/false);
  ExpectRows(20000);
}

TEST_F(PipelineTest, GoesOnWhereItWasAfterARestartOfEitherSide) {
  nats_.Start();
  StartBoth();
  for (int round = 0; round < 3; ++round) {
    Write().CountMany(50);
    tally_.reset();
    Write().CountMany(50);
    StartTally();
    sample_.reset();
    StartSample();
  }
  ExpectRows(300);
}

TEST_F(PipelineTest, DrainsWithEverythingPublishedAndTheLeasesFree) {
  nats_.Start();
  StartSample();
  Write().CountMany(300);
  sample_->Drain();
  EXPECT_EQ(sample_db_.Ask("SELECT count(*) FROM lease WHERE until > clock_timestamp()"), "0");
  StartTally(/*reads_ledger=*/false);
  ExpectRows(300);
}

TEST_F(PipelineTest, HasOneLeaderOfTwoProcesses) {
  nats_.Start();
  StartBoth();
  auto other = std::make_unique<Node>(Node::Options{
      .service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
  const auto leads = [](Node& node) { return node.Progress().relay_leader(); };
  ASSERT_TRUE(WaitFor([&] { return leads(*sample_) || leads(*other); }));
  Node& leader = leads(*sample_) ? *sample_ : *other;
  Node& standby = leads(*sample_) ? *other : *sample_;
  EXPECT_FALSE(leads(standby));
  Writer(leader.ledger()).CountMany(50);
  Writer(standby.ledger()).CountMany(50);
  ExpectRows(100);
  leader.Drain();
  EXPECT_TRUE(WaitFor([&] { return leads(standby); }));
  Writer(standby.ledger()).CountMany(50);
  ExpectRows(150);
}

}  // namespace
}  // namespace ieum::flow::testing
