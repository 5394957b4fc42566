#include "services/registry/people/standing_store.h"

#include <set>

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

const db::Statement kStandsFor("person_stands_for", "SELECT person_now($1)");

const db::Statement kStoodFor("person_stood_for", R"(
  SELECT id, person_now(merged_into) FROM person
  WHERE id = ANY($1::uuid[]) AND merged_into IS NOT NULL)");

const db::Statement kRecords("person_records_of", R"(
  SELECT record_id FROM person_records(ARRAY[$1::uuid]) ORDER BY record_id)");

const db::Statement kHold("person_hold_survivors", R"(
  SELECT id FROM aggregate WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE)");

const db::Statement kGone("person_gone", R"(
  SELECT 1 FROM person
  WHERE id = ANY($1::uuid[]) AND (merged_into IS NOT NULL OR erased_at IS NOT NULL) LIMIT 1)");

}  // namespace

base::Uuid StandsFor(db::Tx& tx, const base::Uuid& id) {
  return db::AsUuid(tx.Exec(kStandsFor, id)[0][0]);
}

std::map<base::Uuid, base::Uuid> StoodFor(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, base::Uuid> stood;
  if (ids.empty()) return stood;
  for (const auto& row : tx.Exec(kStoodFor, db::ArrayOf(ids))) {
    stood.emplace(db::AsUuid(row[0]), db::AsUuid(row[1]));
  }
  return stood;
}

std::vector<base::Uuid> RecordsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> records;
  for (const auto& row : tx.Exec(kRecords, person)) records.push_back(db::AsUuid(row[0]));
  return records;
}

std::map<base::Uuid, base::Uuid> HoldSurvivors(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, base::Uuid> stood = StoodFor(tx, ids);
  if (stood.empty()) return stood;
  std::set<base::Uuid> survivors;
  for (const auto& [record, survivor] : stood) survivors.insert(survivor);
  const std::vector<base::Uuid> wanted(survivors.begin(), survivors.end());
  tx.Exec(kHold, db::ArrayOf(wanted));
  // A merge of one of them may have ended just before.
  if (StoodFor(tx, ids) != stood) db::Conflict();
  return stood;
}

void RequireStanding(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  if (!ids.empty() && !tx.Exec(kGone, db::ArrayOf(ids)).empty()) db::Conflict();
}

absl::StatusOr<Person> FindStanding(db::Tx& tx, const base::Scope& scope,
                                    const db::PersonKeys& keys, const base::Uuid& id) {
  absl::StatusOr<Person> asked = FindPerson(tx, scope, keys, id);
  const bool stands = asked.ok() && !asked->merged_into;
  if (stands || absl::IsFailedPrecondition(asked.status())) return asked;
  const base::Uuid survivor = StandsFor(tx, id);
  if (survivor == id) return asked;
  absl::StatusOr<Person> person = FindPerson(tx, scope, keys, survivor);
  if (absl::IsNotFound(person.status())) return base::NotFound(PersonName(id));
  return person;
}

absl::Status RequireUnmerged(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const base::Uuid survivor = StandsFor(tx, id);
  if (survivor == id) return absl::OkStatus();
  if (!FindOwner(tx, scope, survivor)) return base::NotFound(PersonName(id));
  return base::Forbidden(v1::ERROR_REASON_PERSON_MERGED,
                         "the record lost in a merge; change the one of who stands for it",
                         {{"person", PersonName(survivor)}});
}

}  // namespace ieum::registry
