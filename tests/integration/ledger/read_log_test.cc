// Goal: the log is read as it was written, in runs without holes, cut to what the reader can take.
// Method: events with everything in them, read back field by field and in pieces.
#include <algorithm>
#include <thread>

#include "google/protobuf/wrappers.pb.h"
#include "tests/integration/ledger/ledger_fixture.h"

namespace ieum::ledger {
namespace {

constexpr size_t kPlenty = 1 << 20;

class ReadLogTest : public LedgerTest {
 protected:
  platform::v1::ReadLogResponse Read(int shard, int64_t from, int events, size_t bytes = kPlenty) {
    auto log = ledger_.ReadLog(shard, from, events, bytes);
    EXPECT_TRUE(log.ok()) << log.status();
    return log.value_or(platform::v1::ReadLogResponse());
  }
  static std::vector<int64_t> PositionsOf(const platform::v1::ReadLogResponse& log) {
    std::vector<int64_t> positions;
    for (const auto& event : log.events()) positions.push_back(event.position());
    return positions;
  }
};

TEST_F(ReadLogTest, GivesEverythingThatWasWritten) {
  const Uuid id = NewIdOn(5);
  Command command = NewCommand();
  command.caller = {"staff/'\"\\{NULL}", "과정 🙂", Uuid::NewV7().ToString(),
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
  const absl::Time at = absl::FromUnixMicros(1'700'000'000'123'456);
  ASSERT_TRUE(clock_.Set(at).ok());
  ASSERT_TRUE(ledger_.Run(command, [&](UnitOfWork& work) { return Make(work, id, 2); }).ok());

  const auto log = Read(5, 1, 10);
  EXPECT_EQ(log.last_position(), 2);
  EXPECT_EQ(log.epoch(), 1);
  ASSERT_EQ(log.events_size(), 2);
  const auto& event = log.events(1);
  EXPECT_EQ(event.shard(), 5);
  EXPECT_EQ(event.position(), 2);
  EXPECT_EQ(event.type(), "google.protobuf.StringValue");
  EXPECT_EQ(event.subject(), NameOf(id));
  EXPECT_EQ(event.aggregate_id(), id.ToString());
  EXPECT_EQ(event.aggregate_version(), 2);
  EXPECT_EQ(event.time().seconds(), 1'700'000'000);
  EXPECT_EQ(event.time().nanos(), 123'456'000);
  EXPECT_EQ(event.actor(), command.caller.actor);
  EXPECT_EQ(event.correlation_id(), command.caller.correlation_id);
  EXPECT_EQ(event.causation_id(), command.caller.causation_id);
  EXPECT_EQ(event.traceparent(), command.caller.traceparent);
  EXPECT_EQ(event.payload(), PayloadOf("counted 2"));
  EXPECT_NE(event.event_id(), log.events(0).event_id());
  EXPECT_TRUE(Uuid::Parse(event.event_id()).has_value());
}

// law:T29
TEST_F(ReadLogTest, GivesHostilePayloadsByteForByte) {
  const Uuid id = NewIdOn(6);
  const std::vector<std::string> hostile{
      "",           "'; DROP TABLE event_log",   "\"\\{}NULL,", std::string("a\0b", 3), "\r\n",
      "이음🙂", std::string(200'000, '\x01')};
  ASSERT_TRUE(ledger_
                  .Run(NewCommand(),
                       [&](UnitOfWork& work) -> absl::StatusOr<Done> {
                         work.Lock({id});
                         for (const std::string& bytes : hostile) {
                           google::protobuf::BytesValue event;
                           event.set_value(bytes);
                           work.Append(id, "co\"unter", "counters/\"\\{}," + bytes.substr(0, 0),
                                       event);
                         }
                         return Done{id, "counters/'\"\\"};
                       })
                  .ok());
  const auto log = Read(6, 1, 100);
  ASSERT_EQ(log.events_size(), static_cast<int>(hostile.size()));
  for (int i = 0; i < log.events_size(); ++i) {
    google::protobuf::BytesValue event;
    ASSERT_TRUE(event.ParseFromString(log.events(i).payload()));
    EXPECT_EQ(event.value(), hostile[static_cast<size_t>(i)]);
    EXPECT_EQ(log.events(i).subject(), "counters/\"\\{},");
  }
}

TEST_F(ReadLogTest, IsCutByNumberAndGoesOnWithoutAHole) {
  const Uuid id = NewIdOn(0);
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(
        ledger_.Run(NewCommand(), [&](UnitOfWork& work) { return Raise(work, id, 3); }).ok());
  }
  EXPECT_EQ(PositionsOf(Read(0, 1, 5)), (std::vector<int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(PositionsOf(Read(0, 6, 5)), (std::vector<int64_t>{6, 7, 8, 9, 10}));
  EXPECT_EQ(PositionsOf(Read(0, 11, 5)), (std::vector<int64_t>{11, 12}));
  EXPECT_EQ(PositionsOf(Read(0, 13, 5)), std::vector<int64_t>());
  EXPECT_EQ(Read(0, 13, 5).last_position(), 12);
  EXPECT_EQ(PositionsOf(Read(1, 1, 5)), std::vector<int64_t>());
  EXPECT_EQ(Read(1, 1, 5).last_position(), 0);
}

// Six events of some 10,000 bytes on shard 0.
void AppendLarge(UnitOfWork& work, const Uuid& id) {
  work.Lock({id});
  google::protobuf::StringValue event;
  event.set_value(std::string(10'000, 'x'));
  for (int i = 0; i < 6; ++i) work.Append(id, "counter", NameOf(id), event);
}

TEST_F(ReadLogTest, IsCutByBytesButNeverToNothing) {
  const Uuid id = NewIdOn(0);
  ASSERT_TRUE(ledger_
                  .Run(NewCommand(),
                       [&](UnitOfWork& work) -> absl::StatusOr<Done> {
                         AppendLarge(work, id);
                         return Done{id, NameOf(id)};
                       })
                  .ok());
  EXPECT_EQ(PositionsOf(Read(0, 1, 100, 1)), (std::vector<int64_t>{1}));
  EXPECT_EQ(PositionsOf(Read(0, 4, 100, 0)), (std::vector<int64_t>{4}));
  EXPECT_EQ(PositionsOf(Read(0, 1, 100, 25'000)), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(PositionsOf(Read(0, 5, 100, 25'000)), (std::vector<int64_t>{5, 6}));
  EXPECT_EQ(PositionsOf(Read(0, 1, 100, 45'000)), (std::vector<int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(Read(0, 1, 100, kPlenty).events_size(), 6);
}

// A reader that asks for many rows does not hold what it will not be given.
TEST_F(ReadLogTest, IsCutBeforeItLeavesTheDatabase) {
  const Uuid id = NewIdOn(0);
  const auto& all = db::Statement::All();
  const auto read = std::find_if(all.begin(), all.end(), [](const db::Statement* statement) {
    return statement->name() == std::string_view("event_log_read");
  });
  ASSERT_NE(read, all.end());
  ASSERT_TRUE(test_.database()
                  .Write("read",
                         [&](db::Tx& tx) -> absl::Status {
                           RETURN_IF_ERROR(ledger_.RunWithin(
                               tx, {}, Uuid::NewV7(),
                               [&](UnitOfWork& work) {
                                 AppendLarge(work, id);
                                 return absl::OkStatus();
                               },
                               nullptr));
                           EXPECT_EQ(tx.Exec(**read, 0, 1, 10'000, 25'000).size(), 2u);
                           return absl::OkStatus();
                         })
                  .ok());
}

TEST_F(ReadLogTest, KnowsItsShardsOnly) {
  for (const int shard : {-1, 16, 1000}) {
    EXPECT_EQ(ledger_.ReadLog(shard, 1, 10, kPlenty).status().code(),
              absl::StatusCode::kInvalidArgument)
        << shard;
  }
}

TEST_F(ReadLogTest, TellsPositionsAndEpoch) {
  EXPECT_EQ(ledger_.Positions().value(), std::vector<int64_t>(Uuid::kShards, 0));
  const Uuid id = NewIdOn(15);
  ASSERT_TRUE(ledger_.Run(NewCommand(), [&](UnitOfWork& work) { return Make(work, id, 3); }).ok());
  std::vector<int64_t> expected(Uuid::kShards, 0);
  expected[15] = 3;
  EXPECT_EQ(ledger_.Positions().value(), expected);
  EXPECT_EQ(ledger_.Epoch().value(), 1);
  Ask("UPDATE log_identity SET epoch = 2");
  EXPECT_EQ(ledger_.Epoch().value(), 2);
  EXPECT_EQ(Read(15, 1, 1).epoch(), 2);
}

TEST_F(ReadLogTest, IsToldOfCommitsOnTheirThreadWhenTheyCanBeRead) {
  const Uuid id = NewIdOn(2);
  int told = 0;
  std::thread::id where;
  ledger_.OnCommitted([&] {
    ++told;
    where = std::this_thread::get_id();
    EXPECT_EQ(Read(2, 1, 10).events_size(), told);
  });
  for (int i = 1; i <= 2; ++i) {
    ASSERT_TRUE(ledger_.Run(NewCommand(), [&](UnitOfWork& work) { return Raise(work, id); }).ok());
    EXPECT_EQ(told, i);
  }
  EXPECT_EQ(where, std::this_thread::get_id());
  const auto nothing = ledger_.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({id});
    return Done{id, NameOf(id)};
  });
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->etag, 2);
  EXPECT_EQ(told, 2) << "there is nothing to carry on";
}

// The answer speaks of one aggregate; the events may be another's.
TEST_F(ReadLogTest, IsToldOfEventsThatTheAnswerDoesNotName) {
  int told = 0;
  ledger_.OnCommitted([&] { ++told; });
  const Uuid named = Uuid::NewV7(), other = Uuid::NewV7();
  const auto answer = ledger_.Run(NewCommand(), [&](UnitOfWork& work) -> absl::StatusOr<Done> {
    work.Lock({named, other});
    Count(work, other);
    return Done{named, NameOf(named)};
  });
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->position.pos, 0);
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace ieum::ledger
