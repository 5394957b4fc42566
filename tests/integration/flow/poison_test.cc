// Goal: an event that cannot be applied holds up its own aggregate and nobody else, loses nothing,
// and comes back when an operator says so; what only cannot be applied *now* is never parked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/status.h"
#include "tests/integration/flow/flow_fixture.h"
#include "tests/support/wait.h"

namespace ieum::flow::testing {
namespace {

using ieum::testing::WaitFor;

class PoisonTest : public ::testing::Test {
 protected:
  void Start(base::Clock* clock = nullptr) {
    sample_ = std::make_unique<Node>(Node::Options{
        .service = "sample", .database = &sample_db_.database(), .nats_url = nats_.url()});
    tally_ = std::make_unique<Node>(Node::Options{.service = "tally",
                                                  .database = &tally_db_.database(),
                                                  .nats_url = nats_.url(),
                                                  .log_reader = ReaderOf(reading_, ledger_up_),
                                                  .listen = tally_db_.Effects(),
                                                  .clock = clock});
    writer_.emplace(sample_->ledger());
  }
  bool AllApplied() {
    return WaitFor([&] { return tally_db_.Applied() == sample_->Written(); });
  }
  DeadLetters& Letters() { return tally_->flow().dead_letters(); }

  NatsServer nats_;
  TestDatabase sample_db_;
  TallyDatabase tally_db_;
  base::SystemClock clock_;
  ledger::Ledger reading_{sample_db_.database(), clock_, "sample"};
  std::atomic<bool> ledger_up_{true};
  std::unique_ptr<Node> sample_, tally_;
  std::optional<Writer> writer_;
};

TEST_F(PoisonTest, ParksTheCulpritWithWhatFollowsItAndNothingElse) {
  Start();
  writer_->CountMany(40);
  writer_->Count(7, TallyDatabase::kPoison);
  writer_->Count(7, 2);
  writer_->Count(23, 5);  // the same shard, another aggregate
  writer_->Count(7, 3);
  writer_->CountMany(40);
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.DeadLetters(), 4) << "the culprit, and three of its aggregate behind it";
  EXPECT_EQ(tally_db_.Rows(), 80);
  EXPECT_EQ(tally_db_.Fault(), "");
  EXPECT_EQ(tally_->Progress().dead_letters(), 4);
  EXPECT_EQ(tally_->Progress().consumers(0).parked_aggregates(), 1);
  const auto page = Letters().List(10, "");
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->dead_letters.size(), 4u);
  EXPECT_EQ(page->dead_letters[0].attempts(), 3);
  EXPECT_EQ(page->dead_letters[0].error(), "INTERNAL");
  EXPECT_EQ(page->dead_letters[1].attempts(), 0);
  EXPECT_EQ(page->dead_letters[1].error(), "BEHIND_A_PARKED_EVENT");
}

TEST_F(PoisonTest, ReplaysInOrderOrNotAtAll) {
  Start();
  writer_->Count(7, 1);
  writer_->Count(7, TallyDatabase::kPoison);
  writer_->Count(7, 2);
  ASSERT_TRUE(AllApplied());
  const auto failed = Letters().Replay("sample", Counter(7), "staff/kim");
  EXPECT_EQ(base::ReasonOf(failed.status()), "REPLAY_FAILED");
  EXPECT_EQ(tally_db_.DeadLetters(), 2) << "nothing is half done";
  tally_db_.AllowPoison();
  const auto replayed = Letters().Replay("sample", Counter(7), "staff/kim");
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ(*replayed, 2);
  EXPECT_EQ(tally_db_.DeadLetters(), 0);
  EXPECT_EQ(tally_db_.Ask("SELECT string_agg(decision, ',') FROM dead_letter_decision"),
            "REPLAYED,REPLAYED");
  writer_->Count(7, 4);
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 4);
  EXPECT_EQ(tally_db_.Fault(), "");
}

TEST_F(PoisonTest, DiscardsWithTheDecisionKept) {
  Start();
  writer_->Count(7, TallyDatabase::kPoison);
  ASSERT_TRUE(AllApplied());
  const auto discarded = Letters().Discard("sample", Counter(7), "typing mistake", "staff/kim");
  ASSERT_TRUE(discarded.ok());
  EXPECT_EQ(*discarded, 1);
  EXPECT_EQ(tally_db_.Ask("SELECT decision || ' ' || reason || ' ' || actor "
                          "FROM dead_letter_decision"),
            "DISCARDED typing mistake staff/kim");
  writer_->Count(7, 4);
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 1);
  EXPECT_EQ(base::ReasonOf(Letters().Discard("sample", Counter(7), "again", "x").status()),
            "DEAD_LETTER_NOT_FOUND");
}

TEST_F(PoisonTest, ParksARefusalOfAReactionUnderItsReason) {
  Start();
  writer_->Rename(7, "forbidden");
  writer_->Rename(8, "fine");
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Ask("SELECT error FROM dead_letter"), "FORBIDDEN_NAME");
  EXPECT_EQ(tally_db_.Answers(), 1);
  const auto failed = Letters().Replay("sample", Counter(7), "staff/kim");
  EXPECT_EQ(base::ReasonOf(failed.status()), "REPLAY_FAILED");
}

TEST_F(PoisonTest, ParksManyCulpritsOfOneBatchAndKeepsTheRest) {
  Start();
  tally_->Drain();
  for (int i = 0; i < 300; ++i) writer_->Count(i % 40, i % 50 == 9 ? TallyDatabase::kPoison : 1);
  tally_.reset();
  Start();
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows() + tally_db_.DeadLetters(), 300);
  EXPECT_EQ(tally_db_.Number("SELECT count(*) FROM dead_letter WHERE attempts = 3"),
            tally_db_.Number("SELECT count(DISTINCT aggregate_id) FROM dead_letter"));
  EXPECT_EQ(tally_db_.Fault(), "");
}

TEST_F(PoisonTest, WaitsForWhatPassesByItself) {
  Start();
  tally_db_.FailWith(absl::UnavailableError("busy"));
  writer_->Count(7, 1);
  writer_->Rename(8, "fine");
  EXPECT_TRUE(WaitFor([&] { return tally_db_.Answers() == 1; })) << "other shards go on";
  EXPECT_EQ(tally_db_.DeadLetters(), 0);
  tally_db_.FailWith(absl::OkStatus());
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Rows(), 1);
}

TEST_F(PoisonTest, WaitsForASimulatedClockToBeSet) {
  base::SimulatedClock clock;
  Start(&clock);
  writer_->Count(7, 1);
  writer_->Rename(7, "fine");
  EXPECT_TRUE(WaitFor([&] { return tally_db_.Rows() == 1; }));
  EXPECT_EQ(tally_db_.Answers(), 0);
  ASSERT_TRUE(clock.Set(absl::FromUnixSeconds(1'678'752'000)).ok());
  ASSERT_TRUE(AllApplied());
  EXPECT_EQ(tally_db_.Answers(), 1);
  EXPECT_EQ(tally_db_.DeadLetters(), 0);
}

TEST_F(PoisonTest, ListsInPages) {
  Start();
  for (int i = 0; i < 5; ++i) writer_->Count(i, TallyDatabase::kPoison);
  ASSERT_TRUE(AllApplied());
  std::vector<std::string> ids;
  std::string after;
  do {
    const auto page = Letters().List(2, after);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& letter : page->dead_letters) ids.push_back(letter.event().event_id());
    after = page->next;
  } while (!after.empty());
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 5u);
  EXPECT_FALSE(Letters().List(2, "nonsense").ok());
}

}  // namespace
}  // namespace ieum::flow::testing
