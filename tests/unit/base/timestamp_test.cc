#include "platform/base/timestamp.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace ieum::base {
namespace {

TEST(Timestamp, CountsTheRestForwardsAlsoBefore1970) {
  const auto timestamp = ToTimestamp(absl::UnixEpoch() - absl::Milliseconds(250));
  EXPECT_EQ(timestamp.seconds(), -1);
  EXPECT_EQ(timestamp.nanos(), 750'000'000);
}

TEST(Timestamp, IsCutToWhatTheDatabaseKeeps) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(5);
  timestamp.set_nanos(999'999'999);
  EXPECT_EQ(StoredInstant(timestamp), absl::FromUnixMicros(5'999'999));
  EXPECT_EQ(InstantOf(timestamp), absl::FromUnixSeconds(5) + absl::Nanoseconds(999'999'999));
}

TEST(Timestamp, SaysWhatItWasMadeOf) {
  EXPECT_TRUE(rc::check([] {
    const auto seconds = *rc::gen::inRange<int64_t>(-62'135'596'800, 253'402'300'799);
    const auto nanos = *rc::gen::inRange<int32_t>(0, 1'000'000'000);
    const absl::Time instant = absl::FromUnixSeconds(seconds) + absl::Nanoseconds(nanos);
    const auto timestamp = ToTimestamp(instant);
    RC_ASSERT(timestamp.seconds() == seconds);
    RC_ASSERT(timestamp.nanos() == nanos);
    RC_ASSERT(InstantOf(timestamp) == instant);
  }));
}

}  // namespace
}  // namespace ieum::base
