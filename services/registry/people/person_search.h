// Finding people by what is known of them. Only keyed hashes are searched for; what was found is
// opened and held beside the question.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/base/scope.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "services/registry/people/similarity.h"

namespace ieum::registry {

struct PersonQuery {
  std::string full_name;  // in any letters; "" = not asked
  std::string phone;      // PhoneNumber::search_key; "" = not asked
  std::string email;      // EmailSearchKey; "" = not asked
  int birth_year = 0;     // 0 = not asked
  size_t limit = 0;
};
// INVALID_FIELD when nothing is asked that can be searched for, PHONE_INVALID.
absl::StatusOr<PersonQuery> QueryOf(const v1::SearchPersonsRequest& request);

struct PersonHit {
  Person person;
  Verdict verdict;
};
// How well a person fits; nullopt = not at all.
std::optional<Verdict> Fits(const Person& person, const PersonQuery& query,
                            const MatchRules& rules);

struct PersonHits {
  std::vector<PersonHit> hits;  // the best first, then by id
  bool more = false;            // than were asked for, or looked at
};
// Of those whom the caller may see. A fault of the vault.
absl::StatusOr<PersonHits> SearchPeople(db::Tx& tx, const base::Scope& scope,
                                        const db::PersonKeys& keys, const PersonQuery& query,
                                        const MatchRules& rules);

}  // namespace ieum::registry
