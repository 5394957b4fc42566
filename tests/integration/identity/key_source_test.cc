// Goal: keys are there soon, change without a restart, and stay while the issuer is away. Method:
// the real thread; the test stands in for the issuer and counts how often it is asked.
#include "platform/identity/key_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/telemetry/metrics.h"
#include "tests/support/issuer.h"
#include "tests/support/wait.h"

namespace ieum::identity {
namespace {

using ::testing::HasSubstr;
using testing::WaitFor;

class Source : public ::testing::Test {
 protected:
  FetchKeys Fetcher() {
    return [this](const std::atomic<bool>&) -> absl::StatusOr<std::string> {
      std::lock_guard lock(mutex_);
      ++asked_;
      return answer_;
    };
  }
  void Answer(absl::StatusOr<std::string> answer) {
    std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  static bool Knows(const KeySource& source, const char* kid) {
    const auto keys = source.Keys();
    return keys != nullptr && keys->Find(kid) != nullptr;
  }

  std::mutex mutex_;
  absl::StatusOr<std::string> answer_ = Issuer::Get().rsa.PublicSet();
  std::atomic<int> asked_{0};
  telemetry::Metrics metrics_{"sample"};
};

TEST_F(Source, FetchesAtOnceAndThenRests) {
  KeySource source(Fetcher(), KeyTimes(), metrics_);
  EXPECT_TRUE(WaitFor([&] { return Knows(source, "rsa-1"); }));
  EXPECT_FALSE(source.Missed());
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(metrics_.Render(), HasSubstr("oidc_key_fetches_total{outcome=\"ok\"} 1"));
}

TEST_F(Source, FetchesAgainWhenATokenNamesANewKey) {
  KeyTimes times;
  times.refetch_min = absl::ZeroDuration();
  KeySource source(Fetcher(), times, metrics_);
  EXPECT_TRUE(WaitFor([&] { return Knows(source, "rsa-1"); }));
  Answer(Issuer::Get().public_set);
  EXPECT_TRUE(source.Missed());
  EXPECT_TRUE(WaitFor([&] { return Knows(source, "curve-1"); }));
}

TEST_F(Source, StaysWithItsKeysWhileTheIssuerIsAway) {
  KeyTimes times;
  times.refresh = times.refetch_min = absl::Milliseconds(5);
  KeySource source(Fetcher(), times, metrics_);
  EXPECT_TRUE(WaitFor([&] { return Knows(source, "rsa-1"); }));
  Answer(absl::UnavailableError("away"));
  const int before = asked_;
  EXPECT_TRUE(WaitFor([&] { return asked_ > before + 2; }));
  EXPECT_TRUE(Knows(source, "rsa-1"));
  EXPECT_THAT(metrics_.Render(), HasSubstr("oidc_key_fetches_total{outcome=\"failed\"}"));
  Answer(Issuer::Get().public_set);
  EXPECT_TRUE(WaitFor([&] { return Knows(source, "curve-1"); }));
}

TEST_F(Source, LetsGoOfKeysThatAreTooOld) {
  KeyTimes times;
  times.refresh = times.refetch_min = times.retry = absl::Milliseconds(5);
  times.kept = absl::Milliseconds(100);
  KeySource source(Fetcher(), times, metrics_);
  EXPECT_TRUE(WaitFor([&] { return Knows(source, "rsa-1"); }));
  Answer(absl::UnavailableError("away"));
  EXPECT_TRUE(WaitFor([&] { return source.Keys() == nullptr; }));
}

TEST_F(Source, EndsWhileItFetches) {
  std::atomic<bool> begun{false};
  auto slow = [&](const std::atomic<bool>& stop) -> absl::StatusOr<std::string> {
    begun = true;
    WaitFor([&] { return stop.load(); });
    return absl::UnavailableError("told to stop");
  };
  auto source = std::make_unique<KeySource>(slow, KeyTimes(), metrics_);
  EXPECT_TRUE(WaitFor([&] { return begun.load(); }));
  source.reset();
}

}  // namespace
}  // namespace ieum::identity
