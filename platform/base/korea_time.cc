#include "platform/base/korea_time.h"

#include "absl/strings/ascii.h"
#include "platform/base/status.h"

namespace ieum::base {
namespace {

// Digits at the front of `text`, between `least` and `most` of them, taken off it.
bool TakeDigits(std::string_view* text, size_t least, size_t most, int* number) {
  size_t count = 0;
  *number = 0;
  while (count < most && count < text->size() && absl::ascii_isdigit((*text)[count])) {
    *number = *number * 10 + ((*text)[count++] - '0');
  }
  text->remove_prefix(count);
  return count >= least;
}

bool Take(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

// "2023-03-14", "2023.3.14", "2023.3.14.": three plain numbers with one kind of separator.
bool ReadNumbers(std::string_view text, int* year, int* month, int* day) {
  if (!TakeDigits(&text, 4, 4, year)) return false;
  const bool iso = Take(&text, '-');
  if (!iso && !Take(&text, '.')) return false;
  const size_t least = iso ? 2 : 1;
  if (!TakeDigits(&text, least, 2, month) || !Take(&text, iso ? '-' : '.')) return false;
  if (!TakeDigits(&text, least, 2, day)) return false;
  return text.empty() || (!iso && text == ".");
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
