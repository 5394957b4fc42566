// Goal: the driver goes on exactly when nothing is left to happen. Method: readings of two
// services that differ from a settled one in one thing each.
#include "tools/play/settled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ieum::play {
namespace {

using platform::v1::Progress;
using ::testing::HasSubstr;

constexpr int kShards = 16;

Progress Service(const std::string& name, int64_t events, const std::string& producer,
                 int64_t applied) {
  Progress progress;
  progress.set_service(name);
  progress.mutable_business_time()->set_seconds(1);
  auto* consumer = progress.add_consumers();
  consumer->set_producer(producer);
  for (int shard = 0; shard < kShards; ++shard) {
    progress.add_ledger_positions(shard == 3 ? events : 0);
    consumer->add_positions(shard == 3 ? applied : 0);
  }
  return progress;
}

std::vector<Progress> Settled() {
  return {Service("casemgmt", 5, "registry", 2), Service("registry", 2, "casemgmt", 5)};
}

std::string Missing(const std::vector<Progress>& services) {
  auto missing = WhatIsMissing(services);
  return missing.ok() ? missing->words : std::string(missing.status().message());
}

TEST(WhatIsMissing, IsNothingWhenAllStandAtTheEndAndNothingIsDue) {
  EXPECT_EQ(Missing(Settled()), "");
  EXPECT_EQ(EventsOf(Settled()), 7);
}

TEST(WhatIsMissing, NamesAConsumerThatIsBehind) {
  auto services = Settled();
  services[1].mutable_consumers(0)->set_positions(3, 4);
  EXPECT_EQ(Missing(services), "registry has taken 4 of 5 events of casemgmt");
}

TEST(WhatIsMissing, SeesAConsumerThatIsAheadOfAnOlderAnswer) {
  auto services = Settled();
  services[1].mutable_consumers(0)->set_positions(3, 6);
  EXPECT_NE(Missing(services), "");
}

TEST(WhatIsMissing, NamesWorkThatIsDue) {
  auto services = Settled();
  services[0].set_due_timers(2);
  EXPECT_EQ(Missing(services), "casemgmt has 2 due");
}

TEST(WhatIsMissing, NamesAServiceThatForgotTheTime) {
  auto services = Settled();
  services[1].clear_business_time();
  EXPECT_EQ(Missing(services), "registry does not know the time");
}

TEST(WhatIsMissing, NamesAProducerThatIsNotThere) {
  EXPECT_THAT(Missing({Settled()[0]}), HasSubstr("casemgmt listens to registry"));
}

TEST(WhatIsMissing, IsAnErrorWhenAnEventCouldNotBeApplied) {
  auto services = Settled();
  services[0].set_dead_letters(1);
  EXPECT_EQ(WhatIsMissing(services).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace ieum::play
