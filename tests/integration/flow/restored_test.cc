// Goal: a producer whose database came back from a backup publishes nothing until an operator says
// so; then its consumers hold what its ledger holds, and nothing that cannot be taken back happens
// unseen. Method: the tables of the ledger are copied away and put back between two lives of the
// producer; the stream and the consumer know what the ledger has forgotten.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/broker/stream.h"
#include "platform/flow/epoch_store.h"
#include "platform/flow/new_epoch.h"
#include "tests/integration/flow/flow_fixture.h"
#include "tests/support/wait.h"

namespace ieum::flow::testing {
namespace {

using ieum::testing::WaitFor;

constexpr const char* kLedgerTables[] = {"aggregate", "command_dedup", "outbox_shard",
                                         "event_log", "lease",         "relay_belief"};

class RestoredTest : public ::testing::Test {
 protected:
  void StartSample() {
    sample_ = std::make_unique<Node>(Node::Options{
        .service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
  }
  void StartTally(std::vector<DueWork> works = {}) {
    StartTallyWith(tally_db_.EffectsWithUndo(), std::move(works));
  }
  void StartTallyWith(std::function<void(Subscriptions&)> effects,
                      std::vector<DueWork> works = {}) {
    tally_ = std::make_unique<Node>(Node::Options{.service = "tally",
                                                  .database = &tally_db_.database(),
                                                  .nats_url = nats_.url(),
                                                  .log_reader = ReaderOf(reading_, ledger_up_),
                                                  .listen = std::move(effects),
                                                  .due_works = std::move(works)});
  }
  Writer Write() { return Writer(sample_->ledger()); }

  void Backup() {
    sample_db_.Ask("CREATE SCHEMA backup");
    for (const std::string table : kLedgerTables) {
      sample_db_.Ask("CREATE TABLE backup." + table + " AS SELECT * FROM public." + table);
    }
    kept_ = Ask("SELECT string_agg(last_pos::text, ',' ORDER BY shard) FROM outbox_shard");
  }
  void Restore() {
    sample_.reset();
    for (const std::string table : kLedgerTables) {
      sample_db_.Ask("TRUNCATE public." + table);
      sample_db_.Ask("INSERT INTO public." + table + " SELECT * FROM backup." + table);
    }
    sample_db_.Ask("UPDATE lease SET until = clock_timestamp()");  // a backup is older than that
  }
  absl::StatusOr<NewEpoch> Declare(std::optional<absl::Time> restored_at = std::nullopt) {
    const auto connection = *broker::Connection::Open({.url = nats_.url(), .name = "operator"});
    return DeclareNewEpoch(sample_db_.database(), *connection, {"sample", "test", restored_at});
  }
  // As somebody would who does not look: everything that is there now is said to have been kept.
  void DeclareWrongly() {
    EXPECT_TRUE(sample_db_.database()
                    .Write("declare",
                           [](db::Tx& tx) {
                             const LedgerHead head = LockHead(tx);
                             InsertEpoch(tx, "sample", head.epoch + 1, head.last, "wrong", {});
                             return absl::OkStatus();
                           })
                    .ok());
  }

  std::string Ask(const std::string& sql) { return sample_db_.Ask(sql); }
  uint64_t StreamEnd() {
    const auto connection = *broker::Connection::Open({.url = nats_.url(), .name = "test"});
    return broker::GetStreamState(*connection, "sample")->last_seq;
  }
  bool AllApplied() {
    return WaitFor([&] { return Ids(tally_db_, "tally") == Ids(sample_db_, "event_log"); }) &&
           WaitFor([&] { return tally_db_.Applied() == sample_->Written(); });
  }
  template <class Db>
  static std::string Ids(Db& db, const std::string& table) {
    return db.Ask("SELECT md5(string_agg(event_id::text, ',' ORDER BY shard, pos)) FROM " + table);
  }

  NatsServer nats_;
  TestDatabase sample_db_;
  TallyDatabase tally_db_;
  base::SystemClock clock_;
  ledger::Ledger reading_{sample_db_.database(), clock_, "sample"};
  std::atomic<bool> ledger_up_{true};
  std::string kept_;
  std::unique_ptr<Node> sample_, tally_;
};

TEST_F(RestoredTest, NothingIsPublishedUntilTheEpochIsDeclaredAndThenConsumersHoldTheNewLedger) {
  StartSample();
  StartTally();
  Write().CountMany(200);
  ASSERT_TRUE(AllApplied());
  Backup();
  Write().CountMany(100);
  ASSERT_TRUE(AllApplied());
  ASSERT_TRUE(WaitFor([&] { return sample_->Published() == 300; }));
  Restore();
  StartSample();
  ASSERT_TRUE(WaitFor([&] { return sample_->Metric("ieum_relay_stopped") == 1; }));
  const uint64_t end = StreamEnd();
  Write().CountMany(30);  // callers do not know
  EXPECT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_stopped") == 1; }))
      << "the consumer sees it too";
  EXPECT_TRUE(absl::IsFailedPrecondition(Declare().status())) << "a process runs";
  EXPECT_EQ(StreamEnd(), end);
  EXPECT_EQ(tally_db_.Rows(), 300);
  sample_.reset();
  const auto declared = Declare();
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_EQ(declared->epoch, 2);
  EXPECT_EQ(declared->vanished.size(), 100u);
  EXPECT_EQ(Ask("SELECT string_agg(kept_pos::text, ',' ORDER BY shard) FROM log_epoch_shard"),
            kept_)
      << "what was written since the restore is not what was there before";
  StartSample();
  Write().CountMany(50);
  EXPECT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 280);
  EXPECT_EQ(tally_db_.Fault(), "");
  EXPECT_TRUE(WaitFor([&] { return sample_->Published() == 280; }));
  EXPECT_EQ(tally_->Metric("ieum_inbox_vanished_events_total"), 100);
  EXPECT_EQ(tally_->Metric("ieum_inbox_epochs_total"), 1);
  EXPECT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_stopped") == 0; }));
  EXPECT_EQ(tally_->Progress().consumers(0).epoch(), 2);
  EXPECT_EQ(Ask("SELECT count(*) FROM log_vanished"), "100");
}

TEST_F(RestoredTest, AConsumerThatHadAppliedNothingOfItGoesOnWithoutAsking) {
  StartSample();
  StartTally();
  Write().CountMany(100);
  ASSERT_TRUE(AllApplied());
  Backup();
  tally_.reset();
  Write().CountMany(40);
  ASSERT_TRUE(WaitFor([&] { return sample_->Published() == 140; }));
  Restore();
  ASSERT_TRUE(Declare().ok());
  StartSample();
  Write().CountMany(20);
  ASSERT_TRUE(WaitFor([&] { return sample_->Published() == 120; }));
  StartTally();
  EXPECT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 120);
  EXPECT_EQ(tally_->Metric("ieum_inbox_epochs_total"), 1);
  EXPECT_EQ(tally_->Metric("ieum_inbox_vanished_events_total"), 0)
      << "what vanished is still in the stream, and is not taken from there";
  EXPECT_FALSE(*AnyEpochOpen(tally_db_.database()));
}

TEST_F(RestoredTest, WhatWasDecidedStandsAndDecisionsGoOn) {
  StartSample();
  StartTallyWith(tally_db_.Effects());  // nothing takes effects back
  Write().Rename(5, "five");
  ASSERT_TRUE(WaitFor([&] { return tally_db_.Answers() == 1; }));
  Backup();
  Write().Rename(6, "six");
  ASSERT_TRUE(WaitFor([&] { return tally_db_.Answers() == 2; }));
  Restore();
  const auto declared = Declare();
  ASSERT_TRUE(declared.ok()) << declared.status();
  ASSERT_EQ(declared->vanished.size(), 1u);
  StartSample();
  Write().Rename(6, "six again");
  Write().Rename(7, "seven");
  ASSERT_TRUE(WaitFor([&] { return tally_db_.Answers() == 4; }));
  EXPECT_EQ(tally_db_.Ask("SELECT count(*) FROM event_log WHERE causation_id = '" +
                          Ask("SELECT event_id FROM log_vanished") + "'"),
            "1")
      << "an operator finds what a vanished event has caused";
}

TEST_F(RestoredTest, WhatCannotBeTakenBackRestsUntilAnOperatorAccepts) {
  std::atomic<int> done{0}, looked{0};
  const auto work = [&](const char* name, std::atomic<int>* count, bool irrevocable) {
    return DueWork{.name = name,
                   .step = [count](absl::Time) -> absl::StatusOr<bool> {
                     ++*count;
                     return false;
                   },
                   .count_due = [](absl::Time) -> absl::StatusOr<int64_t> { return 0; },
                   .irrevocable = irrevocable};
  };
  StartSample();
  StartTally({work("send", &done, true), work("look", &looked, false)});
  Backup();
  Write().Count(3);
  ASSERT_TRUE(AllApplied());
  ASSERT_TRUE(WaitFor([&] { return done > 0; }));
  Restore();
  ASSERT_TRUE(Declare().ok());
  StartSample();
  ASSERT_TRUE(WaitFor([&] { return tally_->Metric("ieum_irrevocable_work_held") == 1; }));
  const int before = done, looked_before = looked;
  ASSERT_TRUE(WaitFor([&] { return looked > looked_before + 3; })) << "other work goes on";
  EXPECT_EQ(done, before);
  EXPECT_EQ(*AcceptEpochs(tally_db_.database(), "sample", "looked at it"), 1);
  EXPECT_TRUE(WaitFor([&] { return done > before; }));
  EXPECT_EQ(tally_->Metric("ieum_irrevocable_work_held"), 0);
  EXPECT_TRUE(*AnyEpochOpen(sample_db_.database())) << "the restored service holds its own too";
}

TEST_F(RestoredTest, AnEventDecidedAgainUnderItsOldIdIsNotTakenForTheOldOne) {
  StartSample();
  StartTally();
  Write().Count(3);
  ASSERT_TRUE(AllApplied());
  Backup();
  Write().Count(3, 10);
  ASSERT_TRUE(AllApplied());
  ASSERT_TRUE(WaitFor([&] { return sample_->Published() == 2; }));
  const std::string id = Ask("SELECT event_id FROM event_log WHERE shard = 3 AND pos = 2");
  Restore();
  Writer(reading_).Count(3, 20);
  Ask("UPDATE event_log SET event_id = '" + id + "' WHERE shard = 3 AND pos = 2");
  const auto declared = Declare();
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_EQ(declared->kept[3], 1);
  StartSample();
  EXPECT_TRUE(WaitFor([&] { return tally_db_.Sum() == 21; })) << tally_db_.Sum();
}

TEST_F(RestoredTest, DeadLettersOfVanishedEventsGoAndTheirAggregateGoesOn) {
  StartSample();
  StartTally();
  Write().Count(7);
  ASSERT_TRUE(AllApplied());
  Backup();
  Write().Count(7, TallyDatabase::kPoison);
  Write().Count(7);
  ASSERT_TRUE(WaitFor([&] { return tally_db_.DeadLetters() == 2; }));
  ASSERT_TRUE(WaitFor([&] { return sample_->Published() == 3; }));
  Restore();
  ASSERT_TRUE(Declare().ok());
  StartSample();
  Write().Count(7, 5);
  EXPECT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.DeadLetters(), 0);
  EXPECT_EQ(tally_db_.Sum(), 6);
  EXPECT_EQ(tally_db_.Ask("SELECT count(*) FROM dead_letter_decision WHERE decision = 'DISCARDED'"),
            "2");
}

TEST_F(RestoredTest, AWrongDeclarationIsFoundOutAndMayBeMadeAgain) {
  StartSample();
  StartTally();
  Write().CountMany(40);
  ASSERT_TRUE(AllApplied());
  Backup();
  Write().CountMany(40);
  ASSERT_TRUE(AllApplied());
  ASSERT_TRUE(WaitFor([&] { return sample_->Published() == 80; }));
  tally_.reset();
  Restore();
  const absl::Time restored_at = absl::Now();
  Writer(reading_).CountMany(40);  // the same positions, another history
  DeclareWrongly();
  StartSample();
  StartTally();
  ASSERT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_stopped") == 1; }));
  EXPECT_EQ(tally_->Metric("ieum_inbox_epochs_total"), 0);
  EXPECT_EQ(tally_db_.Rows(), 80);
  sample_.reset();
  const auto again = Declare(restored_at);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->epoch, 3);
  StartSample();
  EXPECT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 80);
}

TEST_F(RestoredTest, WithoutAStreamTheInstantOfTheRestoreDecides) {
  StartSample();
  StartTally();
  Write().CountMany(40);
  ASSERT_TRUE(AllApplied());
  EXPECT_TRUE(absl::IsFailedPrecondition([&] {
    sample_.reset();
    return Declare().status();
  }()))
      << "nothing is missing";
  StartSample();
  Backup();
  Write().CountMany(40);
  ASSERT_TRUE(AllApplied());
  Restore();
  nats_.KillNine();
  nats_.WipeStore();
  const absl::Time restored_at = absl::Now();
  Writer(reading_).CountMany(16);
  EXPECT_TRUE(WaitFor([&] { return tally_->Metric("ieum_inbox_stopped") == 1; }))
      << "the ledger alone tells the consumer";
  EXPECT_TRUE(absl::IsUnavailable(Declare().status()));
  nats_.Start();
  EXPECT_TRUE(absl::IsNotFound(Declare().status())) << "no stream";
  const auto declared = Declare(restored_at);
  ASSERT_TRUE(declared.ok()) << declared.status();
  EXPECT_EQ(Ask("SELECT string_agg(kept_pos::text, ',' ORDER BY shard) FROM log_epoch_shard"),
            kept_);
  StartSample();
  Write().CountMany(10);
  EXPECT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 66);
}

}  // namespace
}  // namespace ieum::flow::testing
