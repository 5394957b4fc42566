#include "services/casemgmt/groups/recurrence.h"

#include <libical/ical.h>

#include <memory>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {
namespace {

// Of the instants that a rule gives before days are left out; above it nobody has looked at the
// rule.
constexpr int kInstantsMax = 400;
// Nobody plans a group further ahead; a rule that goes on for longer was mistyped.
constexpr int kYearsMax = 5;

absl::Status Invalid(std::string_view what) {
  return base::InvalidField(v1::ERROR_REASON_RECURRENCE_INVALID, "recurrence", what);
}

// What this library reads beyond the standard (RSCALE, X-…) is not for callers.
bool WordsAreKnown(const std::string& rule) {
  static const auto* known = new std::set<std::string>{
      "FREQ", "COUNT", "UNTIL", "INTERVAL", "BYDAY", "WKST", "BYMONTHDAY", "BYSETPOS", "BYMONTH"};
  for (const auto& part : absl::StrSplit(rule, ';')) {
    const std::pair<std::string, std::string> word = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!known->contains(word.first) || word.second.empty()) return false;
  }
  return true;
}

bool OfAKnownPace(const icalrecurrencetype& rule) {
  return rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE ||
         rule.freq == ICAL_MONTHLY_RECURRENCE;
}

absl::StatusOr<icalrecurrencetype> Read(const std::string& text) {
  // Bad input is answered, not aborted on; the setting is the library's, for the whole process.
  static const bool calm = [] {
    icalerror_set_errors_are_fatal(false);
    return true;
  }();
  (void)calm;
  if (!WordsAreKnown(text)) {
    return Invalid("must be a rule such as FREQ=WEEKLY;COUNT=5;BYDAY=MO");
  }
  icalrecurrencetype rule = icalrecurrencetype_from_string(text.c_str());
  if (!OfAKnownPace(rule)) {
    return Invalid(
        "must be a rule that is DAILY, WEEKLY or MONTHLY, such as "
        "FREQ=WEEKLY;COUNT=5;BYDAY=MO");
  }
  const bool until = !icaltime_is_null_time(rule.until);
  if (rule.count <= 0 && !until) {
    return Invalid("must have an end: COUNT=5, or UNTIL=20241018");
  }
  if (until) {
    if (rule.until.is_date == 0) return Invalid("must have a day as its end: UNTIL=20241018");
    rule.until.is_date = 0;  // to the end of that day
    rule.until.hour = 23;
    rule.until.minute = rule.until.second = 59;
  }
  return rule;
}

icaltimetype ToIcal(absl::CivilSecond at) {
  icaltimetype time = icaltime_null_time();
  time.year = static_cast<int>(at.year());
  time.month = at.month();
  time.day = at.day();
  time.hour = at.hour();
  time.minute = at.minute();
  time.second = at.second();
  return time;
}

struct FreeIterator {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};

}  // namespace

absl::StatusOr<std::vector<absl::Time>> Occurrences(const std::string& text, absl::Time first,
                                                    const std::vector<absl::CivilDay>& except,
                                                    int max) {
  ASSIGN_OR_RETURN(const icalrecurrencetype rule, Read(text));
  const absl::CivilSecond begin = absl::ToCivilSecond(first, base::Korea());
  const std::unique_ptr<icalrecur_iterator, FreeIterator> next(
      icalrecur_iterator_new(rule, ToIcal(begin)));
  if (next == nullptr) return Invalid("must be a rule such as FREQ=WEEKLY;COUNT=5;BYDAY=MO");
  const std::set<absl::CivilDay> left_out(except.begin(), except.end());
  std::vector<absl::Time> times;
  std::optional<absl::CivilDay> before;
  for (int given = 0; given <= kInstantsMax; ++given) {
    const icaltimetype at = icalrecur_iterator_next(next.get());
    if (icaltime_is_null_time(at) != 0) {
      // The library stops at the end of its calendar, however many are still to come.
      if (given < rule.count || times.empty()) return Invalid("gives no day, or fewer than COUNT");
      return times;
    }
    const absl::CivilDay day(at.year, at.month, at.day);
    if (day.year() > begin.year() + kYearsMax) {
      return Invalid(absl::StrCat("must end within ", kYearsMax, " years"));
    }
    if (before && day <= *before) return Invalid("names a day twice; name each once");
    before = day;
    if (left_out.contains(day)) continue;
    times.push_back(
        absl::FromCivil(absl::CivilSecond(at.year, at.month, at.day, at.hour, at.minute, at.second),
                        base::Korea()));
    if (static_cast<int>(times.size()) > max) break;
  }
  return Invalid(absl::StrCat("gives more than the ", max, " sessions that the group can have"));
}

}  // namespace ieum::casemgmt
