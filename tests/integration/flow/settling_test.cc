// Goal: an operator who settles dead letters and a consumer that meets the same aggregate in that
// moment wait for each other: no dead letter goes that nobody has looked at, no event is applied in
// front of one that waits. Method: the operator's transaction is held open until the database says
// that the consumer waits for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <future>

#include "platform/flow/applier.h"
#include "platform/flow/check_hash.h"
#include "platform/flow/dead_letter_store.h"
#include "tests/integration/flow/flow_fixture.h"
#include "tests/support/wait.h"

namespace ieum::flow::testing {
namespace {

using ieum::testing::WaitFor;
using OutcomeKind = Applier::Outcome::Kind;

class SettlingTest : public ::testing::Test {
 protected:
  SettlingTest() {
    tally_.Effects()(subscriptions_);
    EXPECT_TRUE(LoadInbox(tally_.database(), "sample").ok());
  }

  // A consumer's lane as it begins: it knows what is parked now.
  std::unique_ptr<Applier> Lane() {
    Applier::Options options;
    options.producer = "sample";
    options.ledger = &ledger_;
    options.pause = [](absl::Duration) { return true; };
    options.on_applied = [](absl::Span<const CursorStep>) {};
    options.on_dead_letter = [] {};
    options.memory = &memories_.emplace_back();
    const auto parked = LoadParked(tally_.database(), "sample");
    EXPECT_TRUE(parked.ok());
    for (const base::Uuid& id : *parked) (*options.memory)[id.shard()].parked.insert(id);
    return std::make_unique<Applier>(std::move(options));
  }
  // Position `pos` of shard 3: a Counted that can be read, or not.
  LaneBatch At(int64_t pos, bool readable = true) {
    ReceivedEvent event;
    event.producer = "sample";
    event.epoch = 1;
    event.envelope.set_shard(3);
    event.envelope.set_position(pos);
    event.envelope.set_event_id(base::Uuid::NewV7().ToString());
    event.envelope.set_aggregate_id(Counter(3).ToString());
    event.envelope.set_aggregate_version(pos);
    event.envelope.set_type("ieum.sample.v1.Counted");
    if (!readable) event.envelope.set_payload("\xff");
    LaneBatch batch;
    batch.tasks.push_back(TaskFor(subscriptions_, &event));
    batch.steps.push_back({3, 1, pos, pos, EventHash(event.envelope)});
    batch.events.push_back(std::move(event));
    return batch;
  }
  // Discards what is there, with `meanwhile` under way between the look and the decision.
  void DiscardWhile(const std::function<OutcomeKind()>& meanwhile, OutcomeKind expected) {
    std::future<OutcomeKind> other;
    const absl::Status settled = tally_.database().Write("discard", [&](db::Tx& tx) {
      const auto letters = LockDeadLetters(tx, "sample", Counter(3));
      EXPECT_EQ(letters.size(), 1u);
      other = std::async(std::launch::async, meanwhile);
      EXPECT_TRUE(WaitFor([&] { return SomebodyWaits(); }));
      SettleDeadLetters(tx, "sample", Counter(3), letters, "DISCARDED", "seen", "staff/kim");
      return absl::OkStatus();
    });
    EXPECT_TRUE(settled.ok()) << settled;
    EXPECT_EQ(other.get(), expected);
  }
  bool SomebodyWaits() {
    return tally_.Number(
               "SELECT count(*) FROM pg_stat_activity "
               "WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1;
  }
  std::string Letters() {
    return tally_.Ask(
        "SELECT coalesce(string_agg(pos::text, ',' ORDER BY pos), '') FROM dead_letter");
  }
  int64_t Parked() { return tally_.Number("SELECT count(*) FROM parked"); }

  TallyDatabase tally_;
  base::SystemClock clock_;
  ledger::Ledger ledger_{tally_.database(), clock_, "tally"};
  Subscriptions subscriptions_;
  std::deque<ConsumerMemory> memories_;
};

TEST_F(SettlingTest, ALetterThatComesMeanwhileStaysAndKeepsItsAggregateParked) {
  const auto lane = Lane();
  ASSERT_EQ(lane->Apply(At(1, /*readable=*/false)).kind, OutcomeKind::kDone);
  DiscardWhile([&] { return lane->Apply(At(2, /*readable=*/false)).kind; }, OutcomeKind::kDone);
  EXPECT_EQ(Letters(), "2") << "nobody has looked at it";
  EXPECT_EQ(Parked(), 1);
  EXPECT_EQ(tally_.Ask("SELECT string_agg(pos::text, ',') FROM dead_letter_decision"), "1");
}

TEST_F(SettlingTest, AnEventThatComesMeanwhileIsAppliedOnceItsAggregateIsFree) {
  const auto lane = Lane();
  ASSERT_EQ(lane->Apply(At(1, /*readable=*/false)).kind, OutcomeKind::kDone);
  DiscardWhile([&] { return lane->Apply(At(2)).kind; }, OutcomeKind::kDone);
  EXPECT_EQ(Letters(), "");
  EXPECT_EQ(Parked(), 0);
  EXPECT_EQ(tally_.Rows(), 1);
  ASSERT_EQ(lane->Apply(At(3)).kind, OutcomeKind::kDone);
  EXPECT_EQ(tally_.Rows(), 2);
}

TEST_F(SettlingTest, OnlyLettersThatWereLookedAtAreSettled) {
  const auto lane = Lane();
  ASSERT_EQ(lane->Apply(At(1, /*readable=*/false)).kind, OutcomeKind::kDone);
  ASSERT_EQ(lane->Apply(At(2)).kind, OutcomeKind::kDone);
  const absl::Status settled = tally_.database().Write("discard", [&](db::Tx& tx) {
    auto letters = LockDeadLetters(tx, "sample", Counter(3));
    letters.pop_back();
    SettleDeadLetters(tx, "sample", Counter(3), letters, "DISCARDED", "seen", "staff/kim");
    return absl::OkStatus();
  });
  ASSERT_TRUE(settled.ok()) << settled;
  EXPECT_EQ(Letters(), "2");
  EXPECT_EQ(Parked(), 1);
}

// The batch was read when nothing was parked; another process parks before its effect.
TEST_F(SettlingTest, WhoReadItsBatchBeforeAnotherParkedChangesNothing) {
  const auto sleeper = Lane();
  const LaneBatch first = At(1), second = At(2);
  ASSERT_EQ(Lane()->Apply(At(1, /*readable=*/false)).kind, OutcomeKind::kDone);
  EXPECT_EQ(sleeper->Apply(first).kind, OutcomeKind::kLost) << "its cursor was moved with the park";
  EXPECT_EQ(tally_.Rows(), 0);
  EXPECT_EQ(Lane()->Apply(second).kind, OutcomeKind::kDone);
  EXPECT_EQ(Letters(), "1,2") << "behind the one that waits";
  EXPECT_EQ(tally_.Rows(), 0);
}

}  // namespace
}  // namespace ieum::flow::testing
