// Civil days of what people report, and instants off the wire. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "platform/base/timestamp.h"

namespace ieum::casemgmt {

// The day on which a step was taken: the one given, else today in Korea. DATE_INVALID when it lies
// in the future, DATE_ORDER when it lies before `not_before`, the day of the step that led to it;
// both blame `field`.
absl::StatusOr<absl::CivilDay> StepDay(const std::optional<absl::CivilDay>& given, absl::Time now,
                                       absl::CivilDay not_before, std::string_view field);

// The day in a field of a request; absent when it is empty, DATE_INVALID when it is in no calendar.
absl::StatusOr<std::optional<absl::CivilDay>> DayIn(std::string_view text, std::string_view field);

// The instant in a field of a request, cut to the microseconds that the database keeps.
// DATE_INVALID outside of the years 1900–2999.
absl::StatusOr<absl::Time> InstantIn(const google::protobuf::Timestamp& timestamp,
                                     std::string_view field);

using base::ToTimestamp;
// "" for an absent day.
std::string DayText(const std::optional<absl::CivilDay>& day);

}  // namespace ieum::casemgmt
