// How sure it is that two records are of one person. Points for what they have in common, as data;
// thresholds apart for when somebody sits there and is asked, and for when nobody is. Pure.
#pragma once

#include <optional>
#include <vector>

#include "ieum/registry/v1/person_service.pb.h"
#include "services/registry/people/name_forms.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// What each finding adds or takes away; the sum is held within 0 and 100.
struct MatchPoints {
  int same_name = 40;
  int romanised_name = 32;
  int similar_name = 10;
  int other_name = -25;
  int birth_year = 25;
  int near_birth_year = 10;  // one off
  int other_birth_year = -30;
  int phone = 35;
  int former_phone = 25;
  int phone_tail = 10;
  int other_phone = -10;  // both have one; people change theirs, so it says little
  int email = 35;
  int common_name = -20;  // name and year of birth are those of many
};

struct MatchRules {
  MatchPoints points;
  double similar_from = 0.85;  // likeness of names that are similar
  int common_from = 6;         // so many of one name and year of birth are many
  // Attended: from here on somebody is asked.
  int ask_from = 55;
  // Unattended: from here on a pair waits for a review, ...
  int queue_from = 60;
  // ... and from here on it is all but certain: block, or link.
  int act_from = 75;
};

// What of a person is compared.
struct Traits {
  NameForms full_name, latin_name;
  int birth_year = 0;  // 0 = not known
  std::string phone;   // what PhoneNumber::search_key says
  std::string email;   // what EmailSearchKey says
};
Traits TraitsOf(const Person& person);
// The last four digits of a phone; "" when it has fewer.
std::string PhoneTail(const std::string& phone);

// By what two persons were brought together, beyond what their records say now.
struct Circumstances {
  bool former_phone = false;  // one has the number that the other had
  bool common_name = false;
};

struct Verdict {
  int score = 0;  // 0 to 100
  std::vector<v1::MatchField> fields;
};
// Symmetric.
Verdict Compare(const Traits& a, const Traits& b, const Circumstances& circumstances,
                const MatchRules& rules);

// What their names have in common; nullopt = nothing.
std::optional<v1::MatchField> CompareNames(const Traits& a, const Traits& b, double similar_from);

}  // namespace ieum::registry
