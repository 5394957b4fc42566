#include "services/registry/people/candidates.h"

#include <algorithm>
#include <map>
#include <set>

#include "platform/base/status.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

using Found = std::map<base::Uuid, absl::StatusOr<Person>>;
using Known = CandidateSearch::Known;

std::vector<base::Uuid> IdsOf(const std::vector<Findings>& findings) {
  std::set<base::Uuid> ids;
  for (const Findings& each : findings) {
    for (const auto& [id, kinds] : each) ids.insert(id);
  }
  return {ids.begin(), ids.end()};
}

// Who was erased is nobody; any other fault is one, or hers alone.
absl::StatusOr<std::map<base::Uuid, Person>> Readable(
    Found found, Unreadable unreadable = Unreadable::kIsAFault) {
  std::map<base::Uuid, Person> persons;
  for (auto& [id, person] : found) {
    if (person.ok()) {
      persons.emplace(id, *std::move(person));
    } else if (absl::IsDataLoss(person.status()) && unreadable == Unreadable::kIsPassedOver) {
      continue;
    } else if (!absl::IsFailedPrecondition(person.status()) && !absl::IsNotFound(person.status())) {
      return person.status();
    }
  }
  return persons;
}

// The likeliest of each person, in the order of all.
void LeaveEachOnce(std::vector<Candidate>* candidates) {
  std::set<base::Uuid> seen;
  std::erase_if(*candidates,
                [&](const Candidate& candidate) { return !seen.insert(candidate.id).second; });
}

// Adds them with what of them is compared, in place of what was known.
void Compared(std::map<base::Uuid, Person> persons, std::map<base::Uuid, Known>* known) {
  for (auto& [id, person] : persons) {
    Traits traits = TraitsOf(person);
    known->insert_or_assign(id, Known{std::move(person), std::move(traits)});
  }
}

// A record that lost in a merge is looked at as it is, and means who stands for it.
void NameSurvivors(db::Tx& tx, std::map<base::Uuid, Known>* known) {
  std::vector<base::Uuid> lost;
  for (const auto& [id, each] : *known) {
    if (each.person.merged_into) lost.push_back(id);
  }
  for (const auto& [record, survivor] : StoodFor(tx, lost)) {
    Person& person = known->at(record).person;
    person.id = survivor;
    const auto owner = FindOwner(tx, base::Scope::Everywhere(), survivor);
    if (owner) person.centre = owner->centre;
  }
}

struct Near {
  const Known* known;
  const std::set<MatchKind>* kinds;
};

std::vector<Near> NearOf(const Person& person, const Findings& findings,
                         const std::map<base::Uuid, Known>& persons) {
  std::vector<Near> near;
  for (const auto& [id, kinds] : findings) {
    const auto found = persons.find(id);
    if (id == person.id || found == persons.end() || found->second.person.id == person.id) continue;
    near.push_back({&found->second, &kinds});
  }
  return near;
}

// Of one name and one year of birth, as far as they are known.
bool NamedAlike(const Traits& a, const Traits& b) {
  return a.birth_year != 0 && a.birth_year == b.birth_year &&
         a.full_name.letters == b.full_name.letters;
}

// How many there are like this person, herself counted in.
int NamedAlike(const Traits& traits, const std::vector<Near>& near) {
  return 1 + static_cast<int>(std::count_if(near.begin(), near.end(), [&](const Near& other) {
           return NamedAlike(traits, other.known->traits);
         }));
}

std::vector<Candidate> Judge(const Traits& traits, const std::vector<Near>& near,
                             const MatchRules& rules, int from) {
  const bool many = NamedAlike(traits, near) >= rules.common_from;
  std::vector<Candidate> candidates;
  for (const Near& other : near) {
    Circumstances circumstances;
    circumstances.former_phone = other.kinds->contains(MatchKind::kFormerPhone);
    circumstances.common_name = many && NamedAlike(traits, other.known->traits);
    const Person& person = other.known->person;
    Candidate candidate{person.id, person.centre,
                        Compare(traits, other.known->traits, circumstances, rules)};
    if (candidate.verdict.score >= from) candidates.push_back(std::move(candidate));
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.verdict.score != b.verdict.score ? a.verdict.score > b.verdict.score : a.id < b.id;
  });
  LeaveEachOnce(&candidates);
  return candidates;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<Candidate>>> FindCandidates(
    db::Tx& tx, const db::PersonKeys& keys, const std::vector<Person>& persons,
    const MatchRules& rules, int from, Unreadable unreadable) {
  std::vector<std::vector<MatchKey>> wanted;
  for (const Person& person : persons) wanted.push_back(KeysToLookFor(person));
  const std::vector<Findings> findings = FindByKeys(tx, keys.vault(), wanted);
  std::vector<std::vector<Candidate>> candidates(persons.size());
  const std::vector<base::Uuid> ids = IdsOf(findings);
  if (ids.empty()) return candidates;
  ASSIGN_OR_RETURN(auto others,
                   Readable(FindPersons(tx, base::Scope::Everywhere(), keys, ids), unreadable));
  std::map<base::Uuid, Known> known;
  Compared(std::move(others), &known);
  NameSurvivors(tx, &known);
  for (size_t at = 0; at < persons.size(); ++at) {
    candidates[at] =
        Judge(TraitsOf(persons[at]), NearOf(persons[at], findings[at], known), rules, from);
  }
  return candidates;
}

CandidateSearch::CandidateSearch(const crypto::Vault& vault, const std::vector<Person>& persons)
    : persons_(&persons) {
  for (const Person& person : persons) {
    traits_.push_back(TraitsOf(person));
    wanted_.push_back(KeysToLookFor(person));
    kept_as_.push_back(KeysOf(person));
    kept_.push_back(HashKept(vault, person.id, kept_as_.back()));
  }
  sought_ = HashSought(vault, wanted_);
}

absl::Status CandidateSearch::Look(db::Tx& tx, const db::PersonKeys& keys) {
  findings_ = FindByKeys(tx, sought_);
  const std::vector<base::Uuid> ids = IdsOf(findings_);
  if (ids.empty()) return absl::OkStatus();
  // States first: who changes between the two is read once more by the next look.
  std::vector<base::Uuid> changed;
  for (const auto& [id, state] : PersonStates(tx, ids)) {
    const auto [read, fresh] = read_.try_emplace(id, state);
    if (!fresh && read->second == state) continue;
    read->second = state;
    others_.erase(id);
    changed.push_back(id);
  }
  if (!changed.empty()) {
    ASSIGN_OR_RETURN(auto found,
                     Readable(FindPersons(tx, base::Scope::Everywhere(), keys, changed)));
    Compared(std::move(found), &others_);
  }
  NameSurvivors(tx, &others_);
  return absl::OkStatus();
}

std::vector<base::Uuid> CandidateSearch::stored() const {
  std::set<base::Uuid> ids;
  for (const auto& [record, known] : others_) ids.insert(known.person.id);
  return {ids.begin(), ids.end()};
}

std::vector<Candidate> CandidateSearch::CandidatesOf(size_t at, const MatchRules& rules,
                                                     int from) const {
  Findings findings = findings_[at];
  for (const MatchKey& key : wanted_[at]) {
    const auto added = added_.find(key);
    if (added == added_.end()) continue;
    for (const base::Uuid& id : added->second) findings[id].insert(key.kind);
  }
  const Person& person = (*persons_)[at];
  return Judge(traits_[at], NearOf(person, findings, others_), rules, from);
}

void CandidateSearch::Add(size_t at) {
  const Person& person = (*persons_)[at];
  for (const MatchKey& key : kept_as_[at]) {
    std::vector<base::Uuid>& ids = added_[key];
    if (ids.size() < kBlock) ids.push_back(person.id);
  }
  others_.emplace(person.id, Known{person, traits_[at]});
}

std::vector<v1::DuplicateCandidate> ToldOf(db::Tx& tx, const base::Scope& scope,
                                           const std::vector<Candidate>& candidates) {
  std::vector<base::Uuid> ids;
  for (const Candidate& candidate : candidates) ids.push_back(candidate.id);
  const std::set<base::Uuid> seen = SeenOf(tx, scope, ids);
  std::vector<v1::DuplicateCandidate> told;
  int elsewhere = 0;
  for (const Candidate& candidate : candidates) {
    if (!seen.contains(candidate.id)) {
      elsewhere = std::max(elsewhere, candidate.verdict.score);
    } else if (told.size() < kCandidatesTold) {
      v1::DuplicateCandidate& one = told.emplace_back();
      one.set_person(PersonName(candidate.id));
      one.set_score(candidate.verdict.score);
      for (const auto field : candidate.verdict.fields) one.add_matched_fields(field);
    }
  }
  if (elsewhere > 0) {
    v1::DuplicateCandidate& other = told.emplace_back();
    other.set_elsewhere(true);
    other.set_score(elsewhere);
  }
  return told;
}

}  // namespace ieum::registry
