#include "tests/flows/overtaking.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "platform/broker/event_codec.h"
#include "platform/broker/stream.h"
#include "tests/support/wait.h"

namespace ieum::testing {
namespace {

constexpr char kReadLog[] = "/ieum.platform.v1.OpsService/ReadLog";

}  // namespace

Overtaking::Overtaking(Suite& suite, std::string producer, std::set<size_t> places)
    : suite_(suite), producer_(std::move(producer)), places_(std::move(places)) {
  auto connection = broker::Connection::Open(suite.BrokerAs(producer_));
  if (connection.ok()) {
    connection_ = *std::move(connection);
  } else {
    ADD_FAILURE() << connection.status();
  }
}

std::vector<int64_t> Overtaking::Positions() {
  const platform::v1::Progress progress = suite_.Progress(producer_);
  return {progress.ledger_positions().begin(), progress.ledger_positions().end()};
}

void Overtaking::BeforeCall(size_t index) {
  if (!places_.contains(index)) return;
  suite_.Ask(producer_,
             "UPDATE lease SET owner = 'somebody else', term = term + 1, "
             "until = clock_timestamp() + interval '1 minute' WHERE name = 'relay'");
  EXPECT_TRUE(WaitFor([this] {
    const platform::v1::Progress progress = suite_.Progress(producer_);
    return progress.service() == producer_ && !progress.relay_leader();
  }));
  before_ = Positions();
}

void Overtaking::AfterCall(size_t index) {
  if (!places_.contains(index)) return;
  EXPECT_TRUE(WaitFor([this] { return connection_->connected() && Grown(); }))
      << "nothing of " << producer_ << " followed from action " << index;
  const std::vector<int64_t> now = Positions();
  for (size_t shard = 0; shard < now.size() && shard < before_.size(); ++shard) {
    if (now[shard] >= before_[shard] + 2) PublishLast(static_cast<int>(shard));
  }
  LetGo();
}

bool Overtaking::Grown() {
  const std::vector<int64_t> now = Positions();
  for (size_t shard = 0; shard < now.size() && shard < before_.size(); ++shard) {
    if (now[shard] >= before_[shard] + 2) return true;
  }
  return false;
}

void Overtaking::PublishLast(int shard) {
  platform::v1::ReadLogRequest request;
  request.set_shard(shard);
  request.set_from_position(before_[static_cast<size_t>(shard)] + 1);
  platform::v1::ReadLogResponse log;
  const absl::Status read = suite_.driver(producer_).Call(kReadLog, request, &log);
  const auto before = broker::GetStreamState(*connection_, producer_);
  ASSERT_TRUE(read.ok() && before.ok()) << read << before.status();
  ASSERT_GE(log.events_size(), 2);
  const auto& event = log.events(log.events_size() - 1);
  const absl::Status published = connection_->Publish(
      broker::EncodeEvent(event, {.service = producer_, .epoch = log.epoch()},
                          {.message_id = absl::StrCat("again-overtaking-", event.event_id())}));
  ASSERT_TRUE(published.ok()) << published;
  EXPECT_TRUE(WaitFor([&] {
    const auto now = broker::GetStreamState(*connection_, producer_);
    return now.ok() && now->last_seq > before->last_seq;
  }));
  ++overtakings_;
}

void Overtaking::LetGo() {
  suite_.Ask(producer_,
             "UPDATE lease SET until = clock_timestamp() - interval '1 second' "
             "WHERE name = 'relay' AND owner = 'somebody else'");
}

}  // namespace ieum::testing
