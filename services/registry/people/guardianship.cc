#include "services/registry/people/guardianship.h"

#include <string>

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

constexpr int kOwnConsentAge = 14;
constexpr int kAdultAge = 19;
constexpr int kEarliestYear = 1900;

bool IsSurelyUnder(const Birth& birth, int age, absl::CivilDay day) {
  if (birth.date) return day < DayOfAge(*birth.date, age);
  return birth.year != 0 && day.year() - birth.year < age;
}

absl::Status Missing(std::string_view field, std::string_view what) {
  return base::InvalidField(v1::ERROR_REASON_GUARDIAN_MISSING, field, what);
}

}  // namespace

Birth BirthOf(const Person& person) { return {person.birth_year, person.birth_date}; }

absl::CivilDay DayOfAge(absl::CivilDay birth_date, int age) {
  // 29 February of a year without one is 1 March here, as the law has it.
  return absl::CivilDay(birth_date.year() + age, birth_date.month(), birth_date.day());
}

bool IsChild(const Birth& birth, absl::CivilDay day) {
  if (birth.date) return day < DayOfAge(*birth.date, kOwnConsentAge);
  return birth.year != 0 && day.year() - birth.year <= kOwnConsentAge;
}

absl::Status CheckBirthDate(const Birth& birth, absl::CivilDay today) {
  if (!birth.date || (*birth.date <= today && birth.date->year() >= kEarliestYear)) {
    return absl::OkStatus();
  }
  return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "person.birth_date",
                            "must lie in the past, after the year 1899");
}

absl::Status RequireGuardian(const Person& person, absl::CivilDay day, std::string_view field) {
  if (person.guardian || !IsChild(BirthOf(person), day)) return absl::OkStatus();
  if (!person.birth_date) {
    return Missing(field,
                   "may be under fourteen: needs a day of birth that says otherwise, or a verified "
                   "legal guardian");
  }
  return Missing(field, "is under fourteen and needs a verified legal guardian");
}

absl::Status CheckFit(const Person& guardian, const Person& child, absl::CivilDay day) {
  const bool herself = guardian.id == child.id;
  if (!herself && !IsSurelyUnder(BirthOf(guardian), kAdultAge, day)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_GUARDIAN_UNFIT, "person.guardian.person",
                            herself ? "must be somebody else" : "must be of age");
}

absl::Status CheckConsenter(const Birth& birth, const std::optional<Guardian>& verified,
                            const std::optional<base::Uuid>& named, absl::CivilDay day) {
  if (!IsChild(birth, day)) return absl::OkStatus();
  if (named && verified && *named == verified->person_id) return absl::OkStatus();
  return Missing("consent.guardian",
                 "must be the legal guardian who was verified: the person was under fourteen then");
}

absl::Status SettleGuardian(const std::optional<Guardian>& before, const std::string& actor,
                            absl::Time now, std::optional<Guardian>* wanted) {
  if (!*wanted) return absl::OkStatus();
  Guardian& guardian = **wanted;
  if (before && before->person_id == guardian.person_id &&
      before->verification == guardian.verification &&
      before->verified_at == guardian.verified_at) {
    guardian = *before;
    return absl::OkStatus();
  }
  if (guardian.verified_at == absl::InfinitePast()) guardian.verified_at = now;
  if (guardian.verified_at > now) {
    return base::InvalidField(v1::ERROR_REASON_DATE_INVALID, "person.guardian.verify_time",
                              "must not lie in the future");
  }
  guardian.verifier = actor;
  return absl::OkStatus();
}

}  // namespace ieum::registry
