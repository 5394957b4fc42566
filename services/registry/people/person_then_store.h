// People as they were: the values that the database keeps of every person whose values were
// replaced, and what each change made of them.
#pragma once

#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/scope.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "platform/ledger/field_changes.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

struct PersonThen {
  Person person;
  int64_t version = 0;  // 0 = not known
};
// A person whom the caller sees now, as she was known at the instant. NOT_FOUND;
// FAILED_PRECONDITION (PERSON_ERASED) when the key was destroyed, for any instant.
absl::StatusOr<PersonThen> FindPersonThen(db::Tx& tx, const base::Scope& scope,
                                          const db::PersonKeys& keys, const base::Uuid& id,
                                          absl::Time instant);

// The list of affiliations as they were known at the instant; rows as of AffiliationList.
filter::ListSpec AffiliationListThen(absl::Time instant);

// By version of the person. Affiliations stand under `affiliations[0190….].`. Personal fields are
// marked, and left out when the key was destroyed.
absl::StatusOr<std::map<int64_t, std::vector<ledger::FieldChange>>> PersonFieldChanges(
    db::Tx& tx, const base::Scope& scope, const db::PersonKeys& keys, const base::Uuid& person,
    const std::vector<int64_t>& versions);

}  // namespace ieum::registry
