// Goal: the issuer is asked as often as needed and no more, and its absence is outlived for a
// while. Method: a clock of the test's own.
#include "platform/identity/key_cache.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/issuer.h"

namespace ieum::identity {
namespace {

class Cache : public ::testing::Test {
 protected:
  void Fetch(const absl::StatusOr<std::string>& text) {
    cache_.Begin(now_);
    last_ = cache_.End(now_, text);
  }
  void FetchGood() { Fetch(Issuer::Get().public_set); }
  void FetchNothing() { Fetch(absl::UnavailableError("away")); }

  KeyCache cache_{KeyTimes()};
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  absl::Status last_;
};

TEST_F(Cache, IsEmptyAndDueAtFirst) {
  EXPECT_EQ(cache_.Keys(now_), nullptr);
  EXPECT_LE(cache_.Due(), now_);
  EXPECT_TRUE(cache_.Missed(now_));
}

TEST_F(Cache, FetchesAgainAfterTheRefreshTime) {
  FetchGood();
  EXPECT_NE(cache_.Keys(now_), nullptr);
  EXPECT_EQ(cache_.Due(), now_ + absl::Minutes(15));
}

TEST_F(Cache, FetchesOnceAMinuteAtMostForNamesThatItDoesNotKnow) {
  FetchGood();
  EXPECT_FALSE(cache_.Missed(now_ + absl::Seconds(59)));
  EXPECT_EQ(cache_.Due(), now_ + absl::Minutes(15));
  now_ += absl::Seconds(60);
  EXPECT_TRUE(cache_.Missed(now_));
  EXPECT_EQ(cache_.Due(), now_);
  cache_.Begin(now_);
  EXPECT_TRUE(cache_.Missed(now_ + absl::Seconds(2)));  // it may be among those under way
  EXPECT_TRUE(cache_.End(now_ + absl::Seconds(3), Issuer::Get().public_set).ok());
  EXPECT_FALSE(cache_.Missed(now_ + absl::Seconds(4)));
  EXPECT_TRUE(cache_.Missed(now_ + absl::Seconds(60)));
}

TEST_F(Cache, FetchesSoonWhenTheClockWasSetBack) {
  FetchGood();
  struct {
    const char* what;
    absl::Duration later, wait;
    bool missed;
  } const kClocks[] = {
      {"goes on", absl::Seconds(59), absl::Minutes(15) - absl::Seconds(59), false},
      {"a minute later", absl::Minutes(1), absl::Minutes(14), true},
      {"has gone past it", absl::Minutes(16), absl::ZeroDuration(), true},
      {"was set forward", absl::Hours(1), absl::ZeroDuration(), true},
      {"was set back a second", absl::Seconds(-1), absl::ZeroDuration(), true},
      {"was set back an hour", absl::Hours(-1), absl::ZeroDuration(), true},
  };
  for (const auto& [what, later, wait, missed] : kClocks) {
    KeyCache cache = cache_;
    EXPECT_EQ(cache.Wait(now_ + later), wait) << what;
    EXPECT_EQ(cache.Missed(now_ + later), missed) << what;
    EXPECT_EQ(cache.Wait(now_ + later), missed ? absl::ZeroDuration() : wait) << what;
  }
}

TEST_F(Cache, KeepsItsKeysForADayWhenTheIssuerIsAway) {
  FetchGood();
  const auto keys = cache_.Keys(now_);
  const absl::Time fetched = now_;
  now_ += absl::Hours(23);
  FetchNothing();
  EXPECT_EQ(last_.message(), "away");
  EXPECT_EQ(cache_.Keys(now_), keys);
  EXPECT_EQ(cache_.Due(), now_ + absl::Minutes(1));
  EXPECT_EQ(cache_.Keys(fetched + absl::Hours(24)), nullptr);
  now_ = fetched + absl::Hours(25);
  FetchGood();
  EXPECT_EQ(cache_.Keys(now_), keys);  // the same keys: who was known is known
}

TEST_F(Cache, KeepsItsKeysWhenTheIssuerAnswersNonsense) {
  FetchGood();
  const auto keys = cache_.Keys(now_);
  for (const char* text : {"<html>500</html>", R"({"keys":[]})", ""}) {
    Fetch(std::string(text));
    EXPECT_EQ(last_.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(cache_.Keys(now_), keys);
  }
}

TEST_F(Cache, TriesEveryFewSecondsUntilThereAreKeys) {
  FetchNothing();
  EXPECT_EQ(cache_.Keys(now_), nullptr);
  EXPECT_EQ(cache_.Due(), now_ + absl::Seconds(5));
}

TEST_F(Cache, DropsAKeyThatTheIssuerDropped) {
  FetchGood();
  EXPECT_NE(cache_.Keys(now_)->Find("rsa-1"), nullptr);
  Fetch(Issuer::Get().curve.PublicSet());
  EXPECT_EQ(cache_.Keys(now_)->Find("rsa-1"), nullptr);
  EXPECT_NE(cache_.Keys(now_)->Find("curve-1"), nullptr);
}

}  // namespace
}  // namespace ieum::identity
