// Goal: an instant is written and read exactly as the general patterns of absl would, and whatever
// is not written so is left to those. Method: against absl, on instants and on broken texts.
#include "platform/base/instant_text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace ieum::base {
namespace {

absl::Time AnyInstant() {
  const int64_t first =
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilDay(1000), absl::UTCTimeZone()));
  const int64_t end =
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilDay(10000), absl::UTCTimeZone()));
  const int64_t unit = *rc::gen::element<int64_t>(1, 1'000, 1'000'000, 1'000'000'000);
  return absl::FromUnixSeconds(*rc::gen::inRange(first, end)) +
         absl::Nanoseconds(*rc::gen::inRange<int64_t>(0, 1'000'000'000) / unit * unit);
}

RC_GTEST_PROP(InstantText, IsWhatAbslWrites, ()) {
  const absl::Time at = AnyInstant();
  const absl::TimeZone utc = absl::UTCTimeZone();
  RC_ASSERT(InstantText(at, kWireInstant).value() == absl::FormatTime(absl::RFC3339_full, at, utc));
  RC_ASSERT(InstantText(at, kSqlInstant).value() ==
            absl::FormatTime("%Y-%m-%d %H:%M:%E6S+00", at, utc));
  RC_ASSERT(InstantOf(*InstantText(at, kWireInstant), kWireInstant).value() == at);
}

// One character is replaced: what is still read is what absl reads.
RC_GTEST_PROP(InstantOf, NeverReadsWhatAbslReadsOtherwise, ()) {
  std::string text = InstantText(AnyInstant(), kWireInstant).value();
  const auto at = *rc::gen::inRange<size_t>(0, text.size());
  text[at] = *rc::gen::element('0', '1', '3', '6', '9', '-', ':', '.', 'T', ' ', '+', 'x');
  const auto quick = InstantOf(text, kWireInstant);
  absl::Time general;
  std::string error;
  const bool read = absl::ParseTime(absl::RFC3339_full, text, &general, &error);
  if (quick) RC_ASSERT(read && general == *quick);
}

TEST(InstantOf, LeavesOthersToOthers) {
  for (const char* text :
       {"", "2023-03-06", "2023-02-29T00:00:00+00:00", "2023-13-01T00:00:00+00:00",
        "2023-03-06T24:00:00+00:00", "2023-03-06T01:00:60+00:00", "2023-03-06T01:00:00Z",
        "2023-03-06T01:00:00+09:00", "2023-03-06T01:00:00.+00:00",
        "2023-03-06T01:00:00.0123456789+00:00", "2023-03-06T01:00:00+00:00 "}) {
    EXPECT_FALSE(InstantOf(text, kWireInstant)) << text;
  }
  EXPECT_TRUE(InstantOf("2024-02-29 23:59:59.25+00", kSqlInstant));
}

TEST(InstantText, IsForYearsOfFourDigits) {
  EXPECT_FALSE(InstantText(absl::InfiniteFuture(), kSqlInstant));
  EXPECT_FALSE(InstantText(absl::InfinitePast(), kSqlInstant));
  EXPECT_FALSE(
      InstantText(absl::FromCivil(absl::CivilDay(10000), absl::UTCTimeZone()), kSqlInstant));
}

}  // namespace
}  // namespace ieum::base
