#include "services/registry/people/match_keys.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {
namespace {

std::set<std::string> SkeletonsOf(const Person& person) {
  std::set<std::string> skeletons = FormsOf(person.full_name).skeletons;
  skeletons.merge(FormsOf(person.latin_name).skeletons);
  return skeletons;
}

MatchKey NameBirth(const std::string& skeleton, int year) {
  return {MatchKind::kNameBirth, absl::StrCat(skeleton, "/", year)};
}

std::vector<MatchKey> InOrder(std::vector<MatchKey> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

std::vector<MatchKey> KeysOf(const Person& person) {
  std::vector<MatchKey> keys;
  const std::string phone = PhoneSearchKey(person.phone), tail = PhoneTail(phone);
  for (const std::string& skeleton : SkeletonsOf(person)) {
    keys.push_back({MatchKind::kName, skeleton});
    if (person.birth_year != 0) keys.push_back(NameBirth(skeleton, person.birth_year));
    if (!tail.empty()) keys.push_back({MatchKind::kNameTail, absl::StrCat(skeleton, "/", tail)});
  }
  if (!phone.empty()) keys.push_back({MatchKind::kPhone, phone});
  if (!person.email.empty()) keys.push_back({MatchKind::kEmail, EmailSearchKey(person.email)});
  return InOrder(std::move(keys));
}

std::vector<MatchKey> KeysToLookFor(const Person& person) {
  std::vector<MatchKey> keys = KeysOf(person);
  std::erase_if(keys, [](const MatchKey& key) { return key.kind == MatchKind::kName; });
  if (person.birth_year != 0) {
    for (const std::string& skeleton : SkeletonsOf(person)) {
      keys.push_back(NameBirth(skeleton, person.birth_year - 1));
      keys.push_back(NameBirth(skeleton, person.birth_year + 1));
    }
  }
  if (const std::string phone = PhoneSearchKey(person.phone); !phone.empty()) {
    keys.push_back({MatchKind::kFormerPhone, phone});
  }
  return InOrder(std::move(keys));
}

std::vector<MatchKey> KeysOfName(const std::string& name, int birth_year) {
  std::vector<MatchKey> keys;
  for (const std::string& skeleton : FormsOf(name).skeletons) {
    keys.push_back({MatchKind::kName, skeleton});
    if (birth_year != 0) keys.push_back(NameBirth(skeleton, birth_year));
  }
  return InOrder(std::move(keys));
}

}  // namespace ieum::registry
