#include "services/registry/people/person_search.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "absl/strings/ascii.h"
#include "platform/base/status.h"
#include "platform/base/text.h"
#include "services/registry/people/match_keys.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr int kUsual = 20, kMost = 100;  // answered
constexpr int kLookedAt = 300;           // under one key
constexpr int kWhole = 100, kBySound = 90;

size_t LimitOf(int asked) {
  return static_cast<size_t>(asked == 0 ? kUsual : std::min(asked, kMost));
}

// The narrowest that is given; the rest is held beside what was found.
std::vector<MatchKey> KeysFor(const PersonQuery& query) {
  if (!query.phone.empty()) {
    return {{MatchKind::kPhone, query.phone}, {MatchKind::kFormerPhone, query.phone}};
  }
  if (!query.email.empty()) return {{MatchKind::kEmail, query.email}};
  return KeysOfName(query.full_name, query.birth_year);
}

int ScoreOf(v1::MatchField field, const Traits& asked, const Traits& person) {
  if (field == v1::MATCH_FIELD_FULL_NAME) return kWhole;
  if (field == v1::MATCH_FIELD_ROMANISED_NAME) return kBySound;
  const double likeness = Likeness(asked.full_name.letters, person.full_name.letters);
  return static_cast<int>(std::lround(likeness * kBySound));
}

bool FitsName(const Person& person, const PersonQuery& query, const MatchRules& rules,
              Verdict* verdict) {
  if (query.full_name.empty()) return true;
  const Traits traits = TraitsOf(person);
  Traits asked;
  asked.full_name = FormsOf(query.full_name);
  const auto field = CompareNames(asked, traits, rules.similar_from);
  if (!field) return false;
  verdict->score = ScoreOf(*field, asked, traits);
  verdict->fields.push_back(*field);
  return true;
}

// Who has no year on record fits any.
bool FitsBirthYear(const Person& person, int asked, Verdict* verdict) {
  if (asked == 0 || person.birth_year == 0) return true;
  if (person.birth_year != asked) return false;
  verdict->fields.push_back(v1::MATCH_FIELD_BIRTH_YEAR);
  return true;
}

bool FitsEmail(const Person& person, const std::string& asked, Verdict* verdict) {
  if (asked.empty()) return true;
  if (EmailSearchKey(person.email) != asked) return false;
  verdict->fields.push_back(v1::MATCH_FIELD_EMAIL);
  return true;
}

// What a record that lost in a merge fits is found in who stands for it; each person once, as well
// as she fits best.
absl::Status AnswerSurvivors(db::Tx& tx, const base::Scope& scope, const db::PersonKeys& keys,
                             std::vector<PersonHit>* hits) {
  std::vector<base::Uuid> lost, survivors;
  for (const PersonHit& hit : *hits) {
    if (hit.person.merged_into) lost.push_back(hit.person.id);
  }
  if (lost.empty()) return absl::OkStatus();
  const auto stood = StoodFor(tx, lost);
  for (const auto& [record, survivor] : stood) survivors.push_back(survivor);
  const auto standing = FindPersons(tx, scope, keys, survivors);
  std::map<base::Uuid, PersonHit> best;
  for (PersonHit& hit : *hits) {
    const auto survivor = stood.find(hit.person.id);
    if (survivor != stood.end()) {
      const absl::StatusOr<Person>& person = standing.at(survivor->second);
      if (absl::IsNotFound(person.status())) continue;
      RETURN_IF_ERROR(person.status());
      hit.person = *person;
    }
    const auto [at, first] = best.try_emplace(hit.person.id, hit);
    if (!first && hit.verdict.score > at->second.verdict.score) at->second = std::move(hit);
  }
  hits->clear();
  for (auto& [id, hit] : best) hits->push_back(std::move(hit));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PersonQuery> QueryOf(const v1::SearchPersonsRequest& request) {
  PersonQuery query;
  query.full_name = request.full_name();
  query.birth_year = request.birth_year();
  query.limit = LimitOf(request.limit());
  const std::string email = base::Nfc(request.email());
  query.email = EmailSearchKey(std::string(absl::StripAsciiWhitespace(email)));
  if (!request.phone().empty()) {
    ASSIGN_OR_RETURN(const PhoneNumber phone, ReadPhone(request.phone(), "phone"));
    query.phone = phone.search_key;
  }
  if (KeysFor(query).empty()) {
    return base::InvalidField(
        "INVALID_FIELD", "full_name",
        "must hold letters, unless a phone number or e-mail address is given");
  }
  return query;
}

std::optional<Verdict> Fits(const Person& person, const PersonQuery& query,
                            const MatchRules& rules) {
  Verdict verdict;
  verdict.score = kWhole;
  if (!FitsName(person, query, rules, &verdict)) return std::nullopt;
  if (!FitsBirthYear(person, query.birth_year, &verdict)) return std::nullopt;
  if (!query.phone.empty()) {
    const bool now = PhoneSearchKey(person.phone) == query.phone;
    verdict.fields.push_back(now ? v1::MATCH_FIELD_PHONE : v1::MATCH_FIELD_FORMER_PHONE);
  }
  if (!FitsEmail(person, query.email, &verdict)) return std::nullopt;
  return verdict;
}

absl::StatusOr<PersonHits> SearchPeople(db::Tx& tx, const base::Scope& scope,
                                        const db::PersonKeys& keys, const PersonQuery& query,
                                        const MatchRules& rules) {
  PersonHits found;
  const auto ids = SearchByKeys(tx, scope, keys.vault(), KeysFor(query), kLookedAt);
  if (ids.empty()) return found;
  // Records that lost in a merge lie outside of the scope where their survivor does not.
  for (auto& [id, person] : FindPersons(tx, base::Scope::Everywhere(), keys, ids)) {
    if (absl::IsFailedPrecondition(person.status()) || absl::IsNotFound(person.status())) continue;
    RETURN_IF_ERROR(person.status());
    if (auto verdict = Fits(*person, query, rules)) {
      found.hits.push_back({*std::move(person), *std::move(verdict)});
    }
  }
  RETURN_IF_ERROR(AnswerSurvivors(tx, scope, keys, &found.hits));
  std::stable_sort(
      found.hits.begin(), found.hits.end(),
      [](const PersonHit& a, const PersonHit& b) { return a.verdict.score > b.verdict.score; });
  found.more = found.hits.size() > query.limit || ids.size() >= static_cast<size_t>(kLookedAt);
  if (found.hits.size() > query.limit) found.hits.resize(query.limit);
  return found;
}

}  // namespace ieum::registry
