// Goal: where a consumer goes on in a ledger that was restored, and when it must not. Method: a
// ledger in memory that can be cut, written on, and that may say the wrong thing about itself.
#include "platform/flow/epoch_entry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/flow/check_hash.h"

namespace ieum::flow {
namespace {

constexpr int kShard = 3;

class EpochEntryTest : public ::testing::Test {
 protected:
  // Appends up to `last`; events of different histories differ.
  void Write(int64_t last, const std::string& history) {
    for (int64_t pos = static_cast<int64_t>(ledger_.size()) + 1; pos <= last; ++pos) {
      platform::v1::LedgerEvent event;
      event.set_shard(kShard);
      event.set_position(pos);
      event.set_event_id(history + std::to_string(pos));
      ledger_.push_back(event);
    }
  }
  // What a consumer of today's ledger would have up to `pos`.
  void Apply(int64_t pos) {
    InboxState::Cursor& cursor = state_.cursors[kShard];
    while (cursor.pos < pos) {
      cursor.check_hash ^= EventHash(ledger_[static_cast<size_t>(cursor.pos++)]);
      if (cursor.pos % kCheckEvery == 0) kept_hashes_[cursor.pos] = cursor.check_hash;
    }
    cursor.epoch = epoch_;
  }
  // The ledger comes back with its first `last` events; the new epoch says that it kept `kept`.
  void Restore(int64_t last) { ledger_.resize(static_cast<size_t>(last)); }
  void Declare(int64_t kept) { starts_[++epoch_] = kept; }

  absl::StatusOr<EpochEntry> Compare() {
    const LogReader reader = [this](const std::string&, int shard, int64_t from, int max_events) {
      return Read(shard, from, max_events);
    };
    return CompareWithLedger("sample", state_, epoch_, reader,
                             [this](int, int64_t pos) -> absl::StatusOr<std::optional<uint64_t>> {
                               const auto found = kept_hashes_.find(pos);
                               if (found == kept_hashes_.end()) return std::nullopt;
                               return std::optional(found->second);
                             });
  }
  platform::v1::ReadLogResponse Read(int shard, int64_t from, int max_events) {
    platform::v1::ReadLogResponse answer;
    answer.set_epoch(epoch_);
    for (const auto& [epoch, kept] : starts_) {
      auto* start = answer.add_epoch_starts();
      start->set_epoch(epoch);
      start->set_kept_position(kept);
    }
    if (shard != kShard) return answer;
    answer.set_last_position(static_cast<int64_t>(ledger_.size()));
    const int64_t last =
        std::min<int64_t>(answer.last_position(), from + std::min(max_events, 300) - 1);
    for (int64_t pos = from; pos <= last; ++pos) {
      *answer.add_events() = ledger_[static_cast<size_t>(pos - 1)];
    }
    return answer;
  }

  int64_t epoch_ = 1;
  std::vector<platform::v1::LedgerEvent> ledger_;
  std::map<int64_t, int64_t> starts_;
  std::map<int64_t, uint64_t> kept_hashes_;
  InboxState state_;
};

TEST_F(EpochEntryTest, GoesOnWhereItStoodWhenNothingOfItsVanished) {
  Write(2500, "a");
  Apply(2300);
  Restore(2400);
  Declare(2400);
  const auto entry = Compare();
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->epoch, 2);
  EXPECT_EQ(entry->vanished, 0);
  EXPECT_EQ(entry->cursors[kShard].pos, 2300);
  EXPECT_EQ(entry->cursors[kShard].epoch, 2);
  EXPECT_EQ(entry->cursors[kShard].check_hash, state_.cursors[kShard].check_hash);
  EXPECT_EQ(entry->cursors[0].epoch, 2) << "of a shard that is empty too";
}

TEST_F(EpochEntryTest, GoesBackToTheLastPositionInCommonWithItsHash) {
  Write(2500, "a");
  Apply(2500);
  Restore(2400);
  Write(2450, "b");  // before anybody declared
  Declare(2400);
  const auto entry = Compare();
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->vanished, 100);
  EXPECT_EQ(entry->cursors[kShard].pos, 2400);
  Restore(2400);
  state_ = {};
  Apply(2400);
  EXPECT_EQ(entry->cursors[kShard].check_hash, state_.cursors[kShard].check_hash);
}

TEST_F(EpochEntryTest, GoesBackToTheLeastOfAllEpochsThatItSlept) {
  Write(100, "a");
  Apply(100);
  Restore(80);
  Declare(80);
  Write(95, "b");
  Restore(90);
  Declare(90);
  EXPECT_EQ(Compare()->cursors[kShard].pos, 80);
  EXPECT_EQ(Compare()->epoch, 3);
}

TEST_F(EpochEntryTest, RefusesAnotherHistoryUnderItsCursor) {
  Write(100, "a");
  Apply(90);
  Restore(80);
  Write(120, "b");
  Declare(120);  // nobody said that 81 … 120 are new
  EXPECT_TRUE(absl::IsFailedPrecondition(Compare().status())) << Compare().status();
  Declare(80);  // now somebody has
  EXPECT_EQ(Compare()->cursors[kShard].pos, 80);
}

TEST_F(EpochEntryTest, RefusesAnotherHistoryInTheBlockBefore) {
  Write(1500, "a");
  Apply(1500);
  Restore(700);
  Write(1400, "b");
  Declare(1400);
  EXPECT_TRUE(absl::IsFailedPrecondition(Compare().status())) << Compare().status();
}

TEST_F(EpochEntryTest, RefusesAnEpochWithoutABeginning) {
  Write(100, "a");
  Apply(100);
  epoch_ = 2;  // raised by hand
  EXPECT_TRUE(absl::IsFailedPrecondition(Compare().status()));
}

TEST_F(EpochEntryTest, WaitsForALedgerThatKnowsTheEpoch) {
  Write(100, "a");
  Apply(100);
  const LogReader reader = [this](const std::string&, int shard, int64_t from, int max_events) {
    return Read(shard, from, max_events);
  };
  EXPECT_TRUE(absl::IsUnavailable(CompareWithLedger("sample", state_, 2, reader, {}).status()));
  EXPECT_TRUE(absl::IsUnavailable(CompareWithLedger("sample", state_, 2, {}, {}).status()));
}

}  // namespace
}  // namespace ieum::flow
