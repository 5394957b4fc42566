// The tables `person` and `affiliation`. Personal values are sealed here on the way in and opened
// on the way out; no statement sees one. A person is there for the centre that keeps her data and
// for those for which she acts; for another one she is as if she were not.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/scope.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/people/match_keys.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

// Who keeps a person's data.
struct Owner {
  std::optional<base::Uuid> centre;  // nullopt = the whole suite
  bool merged = false;               // the record lost in a merge
};
std::optional<Owner> FindOwner(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// NOT_FOUND; FAILED_PRECONDITION (PERSON_ERASED) when the key was destroyed.
absl::StatusOr<Person> FindPerson(db::Tx& tx, const base::Scope& scope, const db::PersonKeys& keys,
                                  const base::Uuid& id);
// The same for each of these ids.
std::map<base::Uuid, absl::StatusOr<Person>> FindPersons(db::Tx& tx, const base::Scope& scope,
                                                         const db::PersonKeys& keys,
                                                         const std::vector<base::Uuid>& ids);

// Of these persons those whom the caller may see.
std::set<base::Uuid> SeenOf(db::Tx& tx, const base::Scope& scope,
                            const std::vector<base::Uuid>& ids);
// Whom the caller may see of those who are kept under one of these keys, at most `most` of each
// key. Records that lost in a merge are among them where their survivor may be seen.
std::vector<base::Uuid> SearchByKeys(db::Tx& tx, const base::Scope& scope,
                                     const crypto::Vault& vault, const std::vector<MatchKey>& keys,
                                     int most);

// Inserts or replaces, with the keys under which she is found again; the centre stays.
absl::Status PutPerson(db::Tx& tx, const base::Scope& scope, const db::PersonKeys& keys,
                       const Person& person);

// A person as she is stored.
struct SealedPerson {
  std::array<db::Param, 16> columns;  // as the statements of the store name them
};
SealedPerson Sealed(const crypto::Vault& vault, const crypto::Key& key, const Person& person);
// New persons in one statement, without the keys under which they are found; sent together with
// what follows. Nobody has one of these ids.
void InsertSealed(db::Tx& tx, const std::vector<SealedPerson>& persons);

// Says that the keys of these persons were made by the rules of now. Of one whose data are kept
// apart they were not: hers come back as they are.
void SaveMatchForm(db::Tx& tx, const base::Scope& scope, const std::vector<base::Uuid>& ids);

// False when the id is taken.
bool InsertAffiliation(db::Tx& tx, const Affiliation& affiliation);
void SaveEnd(db::Tx& tx, const base::Scope& scope, const Affiliation& affiliation);
// An affiliation is there for the person's centre and for the one that it is with.
std::optional<Affiliation> FindAffiliation(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id);

// An affiliation as answered, with its person's version.
struct AffiliationView {
  Affiliation affiliation;
  int64_t version = 0;
};
// What affiliations are filtered and ordered by, as `f`.
filter::FieldMap AffiliationFields();
const filter::ListSpec& AffiliationList();
AffiliationView ReadAffiliationView(const db::Row& row);

// Version of a person.
int64_t PersonVersion(db::Tx& tx, const base::Uuid& id);
// Of each of these persons.
std::map<base::Uuid, int64_t> PersonVersions(db::Tx& tx, const std::vector<base::Uuid>& ids);
// What says whether a person is as she was when she was read. A merge raises the survivor's version
// only.
struct PersonState {
  int64_t version = 0;
  std::optional<base::Uuid> merged_into;
  bool operator==(const PersonState&) const = default;
};
std::map<base::Uuid, PersonState> PersonStates(db::Tx& tx, const std::vector<base::Uuid>& ids);

}  // namespace ieum::registry
