#include "services/registry/dates.h"

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {

absl::StatusOr<absl::CivilDay> ReadDate(std::string_view text, std::string_view field) {
  auto day = base::ParseDay(text, field);
  if (day.ok()) return day;
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, field,
                            "must be a day of the calendar, written like 2023-03-14");
}

absl::StatusOr<absl::CivilDay> ReadPastDate(std::string_view text, std::string_view field,
                                            absl::CivilDay today) {
  if (text.empty()) return today;
  ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDate(text, field));
  if (day <= today) return day;
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, field,
                            "must not be after today, " + base::FormatDay(today));
}

}  // namespace ieum::registry
