// What of a person's rows goes when she is erased, and what is left to tell.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// Takes the sealed values out of her row and marks it, and those that another record had taken from
// it in a merge that was undone. Her key and what she is found by go with `PersonKeys::Destroy`.
void ForgetPerson(db::Tx& tx, const base::Scope& scope, const base::Uuid& id, absl::Time at);

// Affiliations that have not ended before `today`.
std::vector<Affiliation> OpenAffiliations(db::Tx& tx, const base::Uuid& person,
                                          absl::CivilDay today);
// Keys under which she is searched for.
int64_t CountMatchKeys(db::Tx& tx, const base::Uuid& person);

// Stands where somebody had given a reason in words of his own: nobody knows what they said of her,
// so they go with her data. What was decided, by whom and when, stays.
inline constexpr char kErasedWords[] = "(erased)";

// PERSON_ERASED when she was erased; OK also for one who is not there.
absl::Status RequireNotErased(db::Tx& tx, const base::Uuid& person);

// Of one whose data were erased.
struct Tombstone {
  std::optional<base::Uuid> centre;
  absl::Time created_at;
  absl::Time erased_at;
};
// nullopt when she is not there for this scope, or was not erased.
std::optional<Tombstone> FindTombstone(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

}  // namespace ieum::registry
