#include "platform/base/instant_text.h"

#include "absl/time/civil_time.h"

namespace ieum::base {
namespace {

constexpr int kNanoDigits = 9;

void Put(std::string* text, int64_t value, int digits) {
  const size_t end = text->size() + static_cast<size_t>(digits);
  text->resize(end);
  for (int i = 1; i <= digits; ++i, value /= 10) {
    (*text)[end - static_cast<size_t>(i)] = static_cast<char>('0' + value % 10);
  }
}

void PutFraction(std::string* text, int64_t nanos, int decimals) {
  if (decimals == kAsNeeded && nanos == 0) return;
  text->push_back('.');
  Put(text, nanos, kNanoDigits);
  if (decimals == kAsNeeded) {
    while (text->back() == '0') text->pop_back();
  } else {
    text->resize(text->size() - static_cast<size_t>(kNanoDigits - decimals));
  }
}

// Digits from the front of `text`, which loses them; -1 when one of them is none.
int64_t Take(std::string_view* text, size_t digits) {
  if (text->size() < digits) return -1;
  int64_t value = 0;
  for (const char c : text->substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text->remove_prefix(digits);
  return value;
}

bool Skip(std::string_view* text, std::string_view word) {
  if (!text->starts_with(word)) return false;
  text->remove_prefix(word.size());
  return true;
}

// Nanoseconds of ".25"; 0 without a full stop, -1 when it is none.
int64_t TakeFraction(std::string_view* text) {
  if (!Skip(text, ".")) return 0;
  size_t digits = 0;
  while (digits < text->size() && (*text)[digits] >= '0' && (*text)[digits] <= '9') ++digits;
  if (digits == 0 || digits > kNanoDigits) return -1;
  int64_t nanos = Take(text, digits);
  for (size_t i = digits; i < kNanoDigits; ++i) nanos *= 10;
  return nanos;
}

}  // namespace

std::optional<std::string> InstantText(absl::Time instant, const InstantForm& form) {
  const absl::CivilSecond civil = absl::ToCivilSecond(instant, absl::UTCTimeZone());
  if (civil.year() < 1000 || civil.year() > 9999) return std::nullopt;
  const absl::Time second = absl::FromCivil(civil, absl::UTCTimeZone());
  std::string text;
  text.reserve(36);
  Put(&text, civil.year(), 4);
  text.push_back('-');
  Put(&text, civil.month(), 2);
  text.push_back('-');
  Put(&text, civil.day(), 2);
  text.push_back(form.between);
  Put(&text, civil.hour(), 2);
  text.push_back(':');
  Put(&text, civil.minute(), 2);
  text.push_back(':');
  Put(&text, civil.second(), 2);
  PutFraction(&text, absl::ToInt64Nanoseconds(instant - second), form.decimals);
  text.append(form.zone);
  return text;
}

std::optional<absl::Time> InstantOf(std::string_view text, const InstantForm& form) {
  const int64_t year = Take(&text, 4);
  if (year < 1000 || !Skip(&text, "-")) return std::nullopt;
  const int64_t month = Take(&text, 2);
  if (!Skip(&text, "-")) return std::nullopt;
  const int64_t day = Take(&text, 2);
  if (!Skip(&text, {&form.between, 1})) return std::nullopt;
  const int64_t hour = Take(&text, 2);
  if (!Skip(&text, ":")) return std::nullopt;
  const int64_t minute = Take(&text, 2);
  if (!Skip(&text, ":")) return std::nullopt;
  const int64_t second = Take(&text, 2);
  const int64_t nanos = TakeFraction(&text);
  if (text != form.zone || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0 ||
      nanos < 0) {
    return std::nullopt;
  }
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  // What had to be put right was not a time of any day.
  if (civil.month() != month || civil.day() != day || civil.hour() != hour ||
      civil.minute() != minute || civil.second() != second) {
    return std::nullopt;
  }
  return absl::FromCivil(civil, absl::UTCTimeZone()) + absl::Nanoseconds(nanos);
}

}  // namespace ieum::base
