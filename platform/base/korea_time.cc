#include "platform/base/korea_time.h"

#include <cstdio>

#include "platform/base/status.h"

namespace ieum::base {
namespace {

// "2023-03-14", "2023.3.14", "2023.3.14.": three numbers with one kind of separator.
bool ReadNumbers(std::string_view text, int* year, int* month, int* day) {
  if (text.size() < 8 || text.size() > 11) return false;
  const char separator = text[4];
  if (separator != '-' && separator != '.') return false;
  int consumed = 0;
  const std::string copy(text);
  const char* format = separator == '-' ? "%4d-%2d-%2d%n" : "%4d.%2d.%2d%n";
  if (std::sscanf(copy.c_str(), format, year, month, day, &consumed) != 3) return false;
  if (separator == '-') return consumed == 10 && copy.size() == 10;
  const std::string rest = copy.substr(consumed);
  return rest.empty() || rest == ".";
}

}  // namespace

absl::TimeZone Korea() {
  static const absl::TimeZone zone = [] {
    absl::TimeZone found;
    return absl::LoadTimeZone("Asia/Seoul", &found) ? found : absl::FixedTimeZone(9 * 60 * 60);
  }();
  return zone;
}

absl::CivilDay KoreaDay(absl::Time instant) { return absl::ToCivilDay(instant, Korea()); }

absl::Time KoreaInstant(absl::CivilDay day, int hour, int minute) {
  return absl::FromCivil(absl::CivilMinute(day.year(), day.month(), day.day(), hour, minute),
                         Korea());
}

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text, std::string_view field) {
  int year = 0, month = 0, day = 0;
  if (ReadNumbers(text, &year, &month, &day) && year >= 1900) {
    const absl::CivilDay civil(year, month, day);
    // CivilDay normalises 02-30 to 03-02; a date that moves was not a date.
    if (civil.year() == year && civil.month() == month && civil.day() == day) return civil;
  }
  return InvalidField("INVALID_FIELD", field, "must be a calendar date such as 2023-03-14");
}

std::string FormatDay(absl::CivilDay day) { return absl::FormatCivilTime(day); }

}  // namespace ieum::base
