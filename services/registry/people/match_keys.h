// Under which keys a person is found again. Pairs of what two records of one person have in common:
// a name alone is that of too many people (김, 이, 박 are every second family). Pure; the keys are
// hashed with a secret before they are stored (match_store.h).
#pragma once

#include <string>
#include <vector>

#include "services/registry/people/person.h"

namespace ieum::registry {

// Numbers are stored and never change.
enum class MatchKind : int {
  kName = 1,       // the skeleton alone: for searches, never for duplicates
  kNameBirth = 2,  // skeleton and year of birth
  kNameTail = 3,   // skeleton and the last four digits of the phone
  kPhone = 4,
  kFormerPhone = 5,
  kEmail = 6,
};

struct MatchKey {
  MatchKind kind = MatchKind::kName;
  std::string text;
  auto operator<=>(const MatchKey&) const = default;
};

// Raised when a change of the rules makes other keys of the same person; a scan then makes all
// anew.
inline constexpr int kMatchForm = 1;

// Under which she is kept; in order, each once.
std::vector<MatchKey> KeysOf(const Person& person);
// Under which others are looked for who may be the same: those of a year of birth one off, and
// those who had her number before, too.
std::vector<MatchKey> KeysToLookFor(const Person& person);

// Of a name that somebody looks for.
std::vector<MatchKey> KeysOfName(const std::string& name, int birth_year);

}  // namespace ieum::registry
