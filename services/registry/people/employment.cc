#include "services/registry/people/employment.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

bool Covers(const Affiliation& affiliation, absl::CivilDay day) {
  return affiliation.start_date <= day && (!affiliation.end_date || day <= *affiliation.end_date);
}

bool LiesWithin(const Affiliation& period, const Affiliation& whole) {
  return Covers(whole, period.start_date) &&
         (!whole.end_date || (period.end_date && *period.end_date <= *whole.end_date));
}

// Whether what `one` says counts before what `other` does.
bool CountsBefore(const Affiliation& one, const Affiliation& other) {
  if (one.start_date != other.start_date) return one.start_date > other.start_date;
  return one.id < other.id;
}

bool HaveADayInCommon(const Affiliation& a, const Affiliation& b) {
  return Covers(a, b.start_date) || Covers(b, a.start_date);
}

}  // namespace

std::optional<base::Uuid> EmployerOn(const std::vector<Affiliation>& employments,
                                     absl::CivilDay day) {
  const Affiliation* counts = nullptr;
  for (const Affiliation& employment : employments) {
    if (!IsEmployment(employment.role) || !Covers(employment, day)) continue;
    if (counts == nullptr || CountsBefore(employment, *counts)) counts = &employment;
  }
  return counts == nullptr ? std::nullopt : std::optional(counts->organization_id);
}

absl::Status CheckOverlap(const Affiliation& wanted, const std::vector<Affiliation>& employments) {
  if (!IsEmployment(wanted.role)) return absl::OkStatus();
  for (const Affiliation& before : employments) {
    if (before.id == wanted.id && LiesWithin(wanted, before)) return absl::OkStatus();
  }
  for (const Affiliation& other : employments) {
    if (other.id == wanted.id || !IsEmployment(other.role) || !HaveADayInCommon(wanted, other)) {
      continue;
    }
    const std::string until =
        other.end_date ? "to " + base::FormatDay(*other.end_date) : "without a last day";
    return base::Forbidden(
        v1::ERROR_REASON_EMPLOYMENT_OVERLAP,
        absl::StrCat("she has another employment from ", base::FormatDay(other.start_date), " ",
                     until, "; a person has one on a day: end that one first"),
        {{"affiliation", AffiliationName(other.person_id, other.id)}});
  }
  return absl::OkStatus();
}

absl::Status SetPeriod(Affiliation* affiliation, absl::CivilDay start_date,
                       std::optional<absl::CivilDay> end_date, std::string_view end_field) {
  if (end_date && *end_date < start_date) {
    return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, end_field,
                              "must not lie before the first day, " + base::FormatDay(start_date));
  }
  affiliation->start_date = start_date;
  affiliation->end_date = end_date;
  return absl::OkStatus();
}

}  // namespace ieum::registry
