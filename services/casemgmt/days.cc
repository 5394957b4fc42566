#include "services/casemgmt/days.h"

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {

absl::StatusOr<absl::CivilDay> StepDay(const std::optional<absl::CivilDay>& given, absl::Time now,
                                       absl::CivilDay not_before, std::string_view field) {
  const absl::CivilDay today = base::KoreaDay(now);
  const absl::CivilDay day = given.value_or(today);
  if (day > today) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_INVALID, field,
        absl::StrCat("must not be later than today, ", base::FormatDay(today)));
  }
  if (day < not_before) {
    return base::InvalidField(
        v1::ERROR_REASON_DATE_ORDER, field,
        absl::StrCat(base::FormatDay(day), " is before the step that led to it, ",
                     base::FormatDay(not_before)));
  }
  return day;
}

absl::StatusOr<std::optional<absl::CivilDay>> DayIn(std::string_view text, std::string_view field) {
  if (text.empty()) return std::optional<absl::CivilDay>();
  const auto day = base::ParseDay(text, field);
  if (day.ok()) return std::optional<absl::CivilDay>(*day);
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, field,
                            "must be a calendar date such as 2023-03-14");
}

absl::StatusOr<absl::Time> InstantIn(const google::protobuf::Timestamp& timestamp,
                                     std::string_view field) {
  static const absl::Time first = absl::FromCivil(absl::CivilYear(1900), absl::UTCTimeZone());
  static const absl::Time end = absl::FromCivil(absl::CivilYear(3000), absl::UTCTimeZone());
  const absl::Time instant = base::StoredInstant(timestamp);
  if (instant >= first && instant < end) return instant;
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, field,
                            "must be an instant of the years 1900 to 2999");
}

std::string DayText(const std::optional<absl::CivilDay>& day) {
  return day ? base::FormatDay(*day) : "";
}

}  // namespace ieum::casemgmt
