// Children under fourteen and who answers for them (개인정보 보호법 제22조의2): nobody keeps,
// enrols or asks a child for consent without her legal guardian, verified. Pure. law:L08
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// What is known of somebody's birth.
struct Birth {
  int year = 0;  // 0 = not known
  std::optional<absl::CivilDay> date;
};
Birth BirthOf(const Person& person);

// The first day on which somebody is of this age. Who was born on 29 February reaches an age on 1
// March where there is no such day (민법 제158조, 제160조 제3항).
absl::CivilDay DayOfAge(absl::CivilDay birth_date, int age);

// Whether somebody is under fourteen on a day. Who has a year alone is taken for a child to the end
// of that in which she becomes fourteen; of whom nothing is known, for none.
bool IsChild(const Birth& birth, absl::CivilDay day);

// DATE_INVALID blaming person.birth_date for a day that is not there yet, or before 1900.
absl::Status CheckBirthDate(const Birth& birth, absl::CivilDay today);

// INVALID_ARGUMENT (GUARDIAN_MISSING) blaming `field` for a child on `day` without a guardian.
absl::Status RequireGuardian(const Person& person, absl::CivilDay day, std::string_view field);

// GUARDIAN_UNFIT blaming person.guardian.person for the child herself, and for somebody who is
// under nineteen on `day` as far as is known (민법 제4조, 제938조).
absl::Status CheckFit(const Person& guardian, const Person& child, absl::CivilDay day);

// Whether what is said to be a consent of `day` is one: for a child her verified guardian gives it,
// from fourteen on she does herself. GUARDIAN_MISSING blaming consent.guardian.
absl::Status CheckConsenter(const Birth& birth, const std::optional<Guardian>& verified,
                            const std::optional<base::Uuid>& named, absl::CivilDay day);

// Who is verified by what a caller wants: the one of before where he says the same, else whoever he
// names, verified by `actor` at the time that he gives or at `now`. DATE_INVALID for a time after
// it.
absl::Status SettleGuardian(const std::optional<Guardian>& before, const std::string& actor,
                            absl::Time now, std::optional<Guardian>* wanted);

}  // namespace ieum::registry
