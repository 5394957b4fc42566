// Civil dates in Korea (Asia/Seoul, UTC+9, no daylight saving since 1988). All programme dates are
// Korean civil dates; instants are UTC.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace ieum::base {

absl::TimeZone Korea();
absl::CivilDay KoreaDay(absl::Time instant);
// `hour`:`minute` Korea time of `day`.
absl::Time KoreaInstant(absl::CivilDay day, int hour, int minute = 0);

// "2023-03-14"; also accepts "2023.3.14." as people write it. `field` is blamed otherwise.
absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text, std::string_view field);
std::string FormatDay(absl::CivilDay day);

}  // namespace ieum::base
