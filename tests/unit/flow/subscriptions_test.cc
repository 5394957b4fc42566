// Goal: a service's list of effects is found by type, and a mistake in it does not survive start.
#include "platform/flow/subscriptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ieum/sample/v1/events.pb.h"

namespace ieum::flow {
namespace {

using ::testing::ElementsAre;

absl::Status Keep(db::Tx&, absl::Span<const ReceivedEvent>) { return absl::OkStatus(); }

absl::Status Answer(ledger::UnitOfWork&, const ReceivedEvent&) { return absl::OkStatus(); }

TEST(Subscriptions, FindTheEffectOfAType) {
  Subscriptions subscriptions;
  subscriptions.React<sample::v1::Renamed>([](ledger::UnitOfWork&, const sample::v1::Renamed&,
                                              const ReceivedEvent&) { return absl::OkStatus(); });
  subscriptions.Sink<sample::v1::Counted, sample::v1::Closed>(Keep);
  const auto* counted = subscriptions.Find("ieum.sample.v1.Counted");
  const auto* closed = subscriptions.Find("ieum.sample.v1.Closed");
  const auto* renamed = subscriptions.Find("ieum.sample.v1.Renamed");
  ASSERT_TRUE(counted && closed && renamed);
  EXPECT_EQ(counted->sink, closed->sink) << "types of one sink go together";
  EXPECT_FALSE(renamed->sink);
  EXPECT_TRUE(renamed->reaction);
  EXPECT_EQ(subscriptions.Find("ieum.sample.v1.Glanced"), nullptr);
  EXPECT_THAT(subscriptions.producers(), ElementsAre("sample"));
}

TEST(Subscriptions, TakeAllEventsOfAContract) {
  Subscriptions sinks, reactions;
  sinks.SinkAll(sample::v1::Counted::descriptor()->file(), Keep);
  reactions.ReactAll(sample::v1::Counted::descriptor()->file(), Answer);
  for (const char* type : {"Counted", "Renamed", "Closed", "Glanced"}) {
    EXPECT_TRUE(sinks.Find(std::string("ieum.sample.v1.") + type)) << type;
    EXPECT_TRUE(reactions.Find(std::string("ieum.sample.v1.") + type)) << type;
  }
}

TEST(SubscriptionsDeathTest, RefuseTwoEffectsOfOneType) {
  Subscriptions subscriptions;
  subscriptions.Sink<sample::v1::Counted>(Keep);
  EXPECT_DEATH(subscriptions.Sink<sample::v1::Counted>(Keep), "");
}

TEST(ProducerOf, IsTheSecondWord) {
  EXPECT_EQ(ProducerOf("ieum.sample.v1.Counted"), "sample");
  EXPECT_EQ(ProducerOf("Counted"), "");
}

}  // namespace
}  // namespace ieum::flow
