#include "tools/plan/date_words.h"

#include <cstdlib>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "re2/re2.h"

namespace ieum::plan {
namespace {

namespace v1 = ieum::registry::v1;

constexpr const char* kMonths[] = {"January",   "February", "March",    "April",
                                   "May",       "June",     "July",     "August",
                                   "September", "October",  "November", "December"};
constexpr const char* kWeekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
constexpr const char* kOrdinals[] = {"1st", "2nd", "3rd", "4th", "last"};

// Place in the list, from 1; 0 = it is none of them.
template <size_t kSize>
int PlaceOf(const std::string& word, const char* const (&list)[kSize]) {
  for (size_t at = 0; at < kSize; ++at) {
    if (absl::EqualsIgnoreCase(word, list[at])) return static_cast<int>(at) + 1;
  }
  return 0;
}

int OrdinalOf(const std::string& word) { return word == "5th" ? 5 : PlaceOf(word, kOrdinals); }

// Cuts what `pattern` finds at the end of the text off.
template <class... Found>
bool CutEnd(std::string* text, const RE2& pattern, Found*... found) {
  std::string before;
  if (!RE2::FullMatch(*text, pattern, &before, found...)) return false;
  *text = before;
  return true;
}

void ReadEndings(std::string* text, v1::DateRule* rule) {
  static const RE2 roll(R"((?i)(.+?)\s+or (next|previous) business day)");
  static const RE2 business(R"((?i)(.+?)\s*([+-])\s*(\d{1,4}) business days?)");
  static const RE2 days(R"((?i)(.+?)\s*([+-])\s*(\d{1,4}) days?)");
  static const RE2 next(R"((?i)(.+?)\s+of the next year)");
  std::string word, sign;
  int count = 0;
  if (CutEnd(text, roll, &word)) {
    rule->set_roll(absl::EqualsIgnoreCase(word, "next") ? v1::BUSINESS_DAY_ROLL_NEXT
                                                        : v1::BUSINESS_DAY_ROLL_PREVIOUS);
  }
  if (CutEnd(text, business, &sign, &count)) {
    rule->set_offset_business_days(sign == "-" ? -count : count);
  }
  if (CutEnd(text, days, &sign, &count)) rule->set_offset_days(sign == "-" ? -count : count);
  if (CutEnd(text, next)) rule->set_years_after(1);
}

bool ReadBeginning(const std::string& text, v1::DateRule* rule) {
  static const RE2 day(R"(\d{4}-\d{2}-\d{2})");
  static const RE2 nth(R"((?i)(\w+) (\w+) of (\w+))");
  static const RE2 week(R"((?i)(?:(\w+) of )?(\w+) week of (\w+))");
  std::string ordinal, weekday, month;
  if (RE2::FullMatch(text, day)) {
    rule->set_date(text);
    return rule->years_after() == 0;
  }
  if (RE2::FullMatch(text, week, &weekday, &ordinal, &month)) {
    v1::WeekOfMonth& asked = *rule->mutable_week();
    asked.set_month(PlaceOf(month, kMonths));
    asked.set_ordinal(OrdinalOf(ordinal));
    asked.set_weekday(static_cast<v1::Weekday>(weekday.empty() ? 1 : PlaceOf(weekday, kWeekdays)));
    return asked.month() != 0 && asked.ordinal() != 0 && asked.weekday() != 0;
  }
  if (!RE2::FullMatch(text, nth, &ordinal, &weekday, &month)) return false;
  v1::NthWeekday& asked = *rule->mutable_nth_weekday();
  asked.set_month(PlaceOf(month, kMonths));
  asked.set_ordinal(OrdinalOf(ordinal));
  asked.set_weekday(static_cast<v1::Weekday>(PlaceOf(weekday, kWeekdays)));
  return asked.month() != 0 && asked.ordinal() != 0 && asked.weekday() != 0;
}

template <size_t kSize>
const char* Word(int place, const char* const (&list)[kSize]) {
  return place >= 1 && place <= static_cast<int>(kSize) ? list[place - 1] : "?";
}

std::string Offset(int count, std::string_view what) {
  if (count == 0) return "";
  return absl::StrCat(count < 0 ? " - " : " + ", std::abs(count), std::string(what),
                      std::abs(count) == 1 ? "" : "s");
}

}  // namespace

absl::StatusOr<v1::DateRule> ReadDateWords(std::string_view text) {
  v1::DateRule rule;
  std::string left(absl::StripAsciiWhitespace(absl::string_view(text.data(), text.size())));
  ReadEndings(&left, &rule);
  if (ReadBeginning(left, &rule)) return rule;
  return absl::InvalidArgumentError(
      "is no rule for a date: 2023-05-24, 4th Wednesday of May, last Friday of November, "
      "Monday of 2nd week of November; behind it: of the next year, + 3 days, - 2 business days, "
      "or next business day");
}

std::string DateWords(const v1::DateRule& rule) {
  std::string words = rule.date();
  if (rule.has_nth_weekday()) {
    const v1::NthWeekday& nth = rule.nth_weekday();
    words = absl::StrCat(Word(nth.ordinal(), kOrdinals), " ", Word(nth.weekday(), kWeekdays),
                         " of ", Word(nth.month(), kMonths));
  } else if (rule.has_week()) {
    const v1::WeekOfMonth& week = rule.week();
    const int weekday = week.weekday() == v1::WEEKDAY_UNSPECIFIED ? 1 : week.weekday();
    words = absl::StrCat(Word(weekday, kWeekdays), " of ", Word(week.ordinal(), kOrdinals),
                         " week of ", Word(week.month(), kMonths));
  }
  if (rule.years_after() > 0) absl::StrAppend(&words, " of the next year");
  absl::StrAppend(&words, Offset(rule.offset_days(), " day"),
                  Offset(rule.offset_business_days(), " business day"));
  if (rule.roll() == v1::BUSINESS_DAY_ROLL_NEXT) words += " or next business day";
  if (rule.roll() == v1::BUSINESS_DAY_ROLL_PREVIOUS) words += " or previous business day";
  return words;
}

}  // namespace ieum::plan
