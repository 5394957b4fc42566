// Goal: a stream that brings events twice, in another order, not at all, or that brings what nobody
// wrote does no harm. Method: the test writes into the stream itself, in place of the relay or
// beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/broker/event_codec.h"
#include "platform/broker/publisher.h"
#include "platform/broker/stream.h"
#include "tests/integration/flow/flow_fixture.h"
#include "tests/support/wait.h"

namespace ieum::flow::testing {
namespace {

using ieum::testing::WaitFor;

class HostileStreamTest : public ::testing::Test {
 protected:
  HostileStreamTest() {
    connection_ = *broker::Connection::Open({.url = nats_.url(), .name = "test"});
    EXPECT_TRUE(broker::EnsureStream(*connection_, "sample").ok());
  }
  void StartTally() {
    tally_ = std::make_unique<Node>(Node::Options{.service = "tally",
                                                  .database = &tally_db_.database(),
                                                  .nats_url = nats_.url(),
                                                  .log_reader = ReaderOf(ledger_, ledger_up_),
                                                  .listen = tally_db_.Effects()});
  }
  // Into the stream, without any chain.
  void Put(const platform::v1::LedgerEvent& event, int64_t epoch = 1, int64_t incarnation = 0) {
    broker::Message message = broker::EncodeEvent(event, {"sample", epoch, 1, incarnation}, {});
    EXPECT_TRUE(connection_->Publish(message).ok());
  }
  std::vector<platform::v1::LedgerEvent> Ledger(int shard) {
    const auto read = ledger_.ReadLog(shard, 1, 1000, 1 << 20);
    EXPECT_TRUE(read.ok());
    return {read->events().begin(), read->events().end()};
  }
  bool ArrivesWhole(int64_t rows) {
    return WaitFor([&] { return tally_db_.Rows() == rows; }) && tally_db_.Fault().empty();
  }

  NatsServer nats_;
  TestDatabase sample_db_;
  TallyDatabase tally_db_;
  base::SystemClock clock_;
  ledger::Ledger ledger_{sample_db_.database(), clock_, "sample"};
  Writer writer_{ledger_};
  std::atomic<bool> ledger_up_{true};
  std::unique_ptr<broker::Connection> connection_;
  std::unique_ptr<Node> tally_;
};

TEST_F(HostileStreamTest, AHoleIsReadFromTheLedger) {
  for (int i = 0; i < 9; ++i) writer_.Count(3, 1);
  const auto events = Ledger(3);
  StartTally();
  for (const size_t i : {0, 1, 5, 8}) Put(events[i]);
  EXPECT_TRUE(ArrivesWhole(9)) << tally_db_.Rows() << tally_db_.Fault();
  EXPECT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_repairs_total") >= 1; }));
}

TEST_F(HostileStreamTest, AHoleStandsUntilTheLedgerAnswersAndOtherShardsGoOn) {
  for (int i = 0; i < 3; ++i) writer_.Count(3, 1);
  writer_.Count(4, 1);
  ledger_up_ = false;
  StartTally();
  Put(Ledger(3)[2]);
  Put(Ledger(4)[0]);
  EXPECT_TRUE(ArrivesWhole(1)) << "shard 4 goes on";
  ledger_up_ = true;
  EXPECT_TRUE(ArrivesWhole(4));
}

TEST_F(HostileStreamTest, RepeatsAndAnotherOrderChangeNothing) {
  for (int i = 0; i < 50; ++i) writer_.Count(i % 3, 1);
  StartTally();
  for (int round = 0; round < 3; ++round) {
    for (int shard = 2; shard >= 0; --shard) {
      auto events = Ledger(shard);
      if (round == 1) std::reverse(events.begin(), events.end());
      for (const auto& event : events) Put(event);
    }
  }
  EXPECT_TRUE(ArrivesWhole(50));
  EXPECT_EQ(tally_db_.Applied(), 50);
}

TEST_F(HostileStreamTest, AnEventThatNobodyWroteIsDropped) {
  writer_.Count(3, 1);
  writer_.Count(3, 1);
  StartTally();
  auto forged = Ledger(3)[0];
  forged.set_position(1'000'000);
  Put(Ledger(3)[0]);
  Put(forged);
  Put(Ledger(3)[1]);
  EXPECT_TRUE(ArrivesWhole(2));
  writer_.Count(3, 1);
  Put(Ledger(3)[2]);
  EXPECT_TRUE(ArrivesWhole(3));
}

TEST_F(HostileStreamTest, WhatIsNoEventIsCountedAndPassedOver) {
  writer_.Count(3, 1);
  StartTally();
  EXPECT_TRUE(connection_->Publish({.subject = "ev.sample.s03", .payload = "noise"}).ok());
  Put(Ledger(3)[0]);
  EXPECT_TRUE(ArrivesWhole(1));
  EXPECT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_undecodable_total") == 1; }));
}

TEST_F(HostileStreamTest, AGreaterEpochStopsTheConsumerVisibly) {
  writer_.Count(3, 1);
  writer_.Count(3, 1);
  StartTally();
  Put(Ledger(3)[0]);
  EXPECT_TRUE(ArrivesWhole(1));
  Put(Ledger(3)[1], /*epoch=*/2);
  EXPECT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_stopped") == 1; }));
  EXPECT_EQ(tally_db_.Rows(), 1);
}

TEST_F(HostileStreamTest, TheRelayKeepsItsChainBesideAForeignWriter) {
  Node sample({.service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
  StartTally();
  for (int round = 0; round < 20; ++round) {
    Writer(sample.ledger()).CountMany(10);
    Put(Ledger(round % 10).front());
  }
  EXPECT_TRUE(ArrivesWhole(200)) << tally_db_.Rows() << tally_db_.Fault();
  EXPECT_TRUE(WaitFor([&] { return sample.Published() == 200; }));
}

// Else the relay publishes what it takes for lost, and every consumer reads ten minutes again.
TEST_F(HostileStreamTest, WhatIsStoredOnceMoreIsNoLossAndIsSeenAgainOnce) {
  Node sample({.service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
  StartTally();
  constexpr int kRounds = 30;
  for (int round = 1; round <= kRounds; ++round) {
    Writer(sample.ledger()).CountMany(40);
    ASSERT_TRUE(WaitFor([&] { return sample.Published() == 40 * round; }));
    Put(Ledger(round % 10).front());
  }
  EXPECT_TRUE(ArrivesWhole(40 * kRounds)) << tally_db_.Rows() << tally_db_.Fault();
  const auto again = [&] { return tally_->Metric("ieum_inbox_repeats_total"); };
  EXPECT_TRUE(WaitFor([&] { return again() >= kRounds; }));
  EXPECT_LE(again(), 2 * kRounds);
  EXPECT_EQ(sample.Metric("ieum_broker_losses_total"), 0);
  EXPECT_EQ(broker::GetStreamState(*connection_, "sample")->last_seq, 41u * kRounds);
}

TEST_F(HostileStreamTest, TheRelayStopsWhenTheLedgerWasRestored) {
  for (int i = 0; i < 5; ++i) writer_.Count(3, 1);
  Put(Ledger(3)[4]);
  EXPECT_TRUE(WaitFor([&] {
    const auto state = broker::GetStreamState(*connection_, "sample");
    return state.ok() && state->last_seq == 1;
  }));
  sample_db_.Ask("DELETE FROM event_log WHERE shard = 3 AND pos > 3");
  sample_db_.Ask("UPDATE outbox_shard SET last_pos = 3 WHERE shard = 3");
  Node sample({.service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
  EXPECT_TRUE(WaitFor([&] { return sample.Metric("ieum_relay_stopped") == 1; }));
  EXPECT_EQ(broker::GetStreamState(*connection_, "sample")->last_seq, 1u) << "nothing is published";
  sample_db_.Ask("UPDATE log_identity SET epoch = 2");
  EXPECT_TRUE(WaitFor([&] { return sample.Metric("ieum_relay_stopped") == 0; }));
  EXPECT_TRUE(WaitFor([&] { return sample.Published() == 3; }));
  EXPECT_EQ(broker::GetStreamState(*connection_, "sample")->last_seq, 4u);
}

}  // namespace
}  // namespace ieum::flow::testing
