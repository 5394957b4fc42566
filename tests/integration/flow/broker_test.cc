// Goal: the broker's client may be used at any moment, also in the one in which the broker dies.
// Method: threads that use every call while the server is killed and started again.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "platform/broker/event_codec.h"
#include "platform/broker/publisher.h"
#include "platform/broker/puller.h"
#include "platform/broker/stream.h"
#include "tests/support/nats.h"
#include "tests/support/wait.h"

namespace ieum::broker {
namespace {

using ieum::testing::NatsServer;
using ieum::testing::WaitFor;

constexpr int kKills = 10;

class BrokerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> Open() {
    auto connection = Connection::Open({.url = nats_.url(), .name = "test"});
    EXPECT_TRUE(connection.ok()) << connection.status();
    return *std::move(connection);
  }
  NatsServer nats_;
};

TEST_F(BrokerTest, TellsWhenItIsConnectedAndWhenNot) {
  const auto connection = Open();
  EXPECT_TRUE(WaitFor([&] { return connection->connected(); }));
  const uint64_t generation = connection->generation();
  nats_.KillNine();
  EXPECT_TRUE(WaitFor([&] { return !connection->connected(); }));
  EXPECT_TRUE(absl::IsUnavailable(connection->Publish({.subject = "wake.sample"})));
  nats_.Start();
  EXPECT_TRUE(WaitFor([&] { return connection->connected(); }));
  EXPECT_GT(connection->generation(), generation);
}

TEST_F(BrokerTest, MakesTheStreamOnceAndFollowsItsSizeLimit) {
  const auto connection = Open();
  const auto made = EnsureStream(*connection, "sample", 1 << 20);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto again = EnsureStream(*connection, "sample", 2 << 20);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(made->created, again->created);
  EXPECT_TRUE(absl::IsNotFound(GetStreamState(*connection, "other").status()));
  const auto last = LastOnSubject(*connection, "sample", EventSubject("sample", 3));
  ASSERT_TRUE(last.ok()) << last.status();
  EXPECT_FALSE(last->has_value());
  EXPECT_TRUE(absl::IsNotFound(MessageAt(*connection, "sample", 1).status()));
}

TEST_F(BrokerTest, RefusesWhatDoesNotFollowTheChain) {
  const auto connection = Open();
  ASSERT_TRUE(EnsureStream(*connection, "sample").ok());
  Publisher publisher(*connection, [] {});
  std::vector<PublishAnswer> answers;
  const auto publish = [&](uint64_t token, const Chain& chain) {
    Message message;
    message.subject = EventSubject("sample", 3);
    message.headers = {{"Nats-Msg-Id", chain.message_id}};
    if (chain.last_seq) {
      message.headers.emplace_back("Nats-Expected-Last-Sequence", std::to_string(*chain.last_seq));
    } else {
      message.headers.emplace_back("Nats-Expected-Last-Msg-Id", chain.last_message_id);
    }
    EXPECT_TRUE(publisher.Publish(token, &message).ok());
  };
  publish(1, {"a", 0, ""});
  publish(2, {"b", std::nullopt, "a"});
  publish(3, {"c", std::nullopt, "a"});
  publish(4, {"d", std::nullopt, "c"});
  publish(5, {"e", 2, ""});
  EXPECT_TRUE(WaitFor([&] {
    for (auto& answer : publisher.TakeAnswers()) answers.push_back(std::move(answer));
    return answers.size() == 5;
  }));
  using Kind = PublishAnswer::Kind;
  const Kind kinds[] = {Kind::kStored, Kind::kStored, Kind::kWrongLast, Kind::kWrongLast,
                        Kind::kStored};
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].token, i + 1);
    EXPECT_EQ(answers[i].kind, kinds[i]) << answers[i].error;
  }
}

// Everything that a consumer does with the broker, without regard to its answers.
void UseAsConsumer(Connection& connection) {
  uint64_t pending = 0;
  auto puller = Puller::Open(
      connection, "sample", {}, [](Delivery) {}, &pending);
  if (!puller.ok()) return;
  for (int i = 0; i < 5; ++i) {
    (void)(*puller)->Ask({10, 1 << 20, absl::Seconds(1), absl::Milliseconds(200)});
  }
}

void UseAsRelay(Connection& connection) {
  (void)EnsureStream(connection, "sample");
  Publisher publisher(connection, [] {});
  for (uint64_t token = 1; token < 50; ++token) {
    Message message;
    message.subject = EventSubject("sample", 3);
    (void)publisher.Publish(token, &message);
  }
  (void)LastOnSubject(connection, "sample", EventSubject("sample", 3));
}

TEST_F(BrokerTest, MayDieUnderAnyCall) {
  const auto consumer = Open(), relay = Open();
  std::atomic<bool> over{false};
  std::thread first([&] {
    while (!over) UseAsConsumer(*consumer);
  });
  std::thread second([&] {
    while (!over) UseAsRelay(*relay);
  });
  for (int i = 0; i < kKills; ++i) {
    nats_.KillNine();
    nats_.Start();
    EXPECT_TRUE(WaitFor([&] { return consumer->connected() && relay->connected(); }));
  }
  over = true;
  first.join();
  second.join();
}

}  // namespace
}  // namespace ieum::broker
