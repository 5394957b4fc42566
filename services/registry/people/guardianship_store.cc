#include "services/registry/people/guardianship_store.h"

#include "platform/base/status.h"
#include "services/registry/people/person_rows.h"

namespace ieum::registry {
namespace {

// Nobody answers for a child any more whose own data were erased.
const db::Statement kFind("guardianship_find", R"(
  SELECT g.person_id, g.guardian_id, g.verification, g.verified_at, g.verifier FROM guardianship g
  WHERE g.person_id = ANY($1::uuid[]) AND g.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM person p WHERE p.id = g.guardian_id AND p.erased_at IS NOT NULL))");

const db::Statement kEnd("guardianship_end", R"(
  UPDATE guardianship SET ended_at = $2::timestamptz WHERE person_id = $1 AND ended_at IS NULL)");

const db::Statement kInsert("guardianship_insert", R"(
  INSERT INTO guardianship (id, person_id, guardian_id, centre_id, verification, verified_at,
                            verifier)
  VALUES ($1, $2, $3, $4, $5, $6::timestamptz, $7))");

const db::Statement kBirth("guardianship_birth", R"(
  SELECT birth_year_box, birth_date_box FROM person
  WHERE id = $1 AND (birth_year_box IS NOT NULL OR birth_date_box IS NOT NULL))");

}  // namespace

std::map<base::Uuid, Guardian> FindGuardians(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  std::map<base::Uuid, Guardian> guardians;
  for (const auto& row : tx.Exec(kFind, db::ArrayOf(persons))) {
    Guardian& guardian = guardians[db::AsUuid(row[0])];
    guardian.person_id = db::AsUuid(row[1]);
    guardian.verification = static_cast<v1::GuardianVerification>(row[2].as<int>());
    guardian.verified_at = db::AsTime(row[3]);
    guardian.verifier = db::AsText(row[4]);
  }
  return guardians;
}

void PutGuardian(db::Tx& tx, const Person& person, const base::Uuid& id, absl::Time now) {
  tx.Exec(kEnd, person.id, now);
  if (!person.guardian) return;
  const Guardian& guardian = *person.guardian;
  tx.Exec(kInsert, id, person.id, guardian.person_id, person.centre, guardian.verification,
          guardian.verified_at, guardian.verifier);
}

absl::StatusOr<Birth> FindBirth(db::Tx& tx, const db::PersonKeys& keys, const base::Uuid& person) {
  const auto row = tx.ExecOptional(kBirth, person);
  if (!row) return Birth();
  ASSIGN_OR_RETURN(crypto::Key key, keys.Get(tx, person));
  return OpenBirth((*row)[0], (*row)[1], Boxes(keys.vault(), std::move(key)));
}

}  // namespace ieum::registry
