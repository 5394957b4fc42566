#include "services/registry/people/person_store.h"

#include <tuple>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/people/guardianship_store.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_rows.h"

namespace ieum::registry {
namespace {

const db::Statement kOwner("person_owner",
                           "SELECT p.centre_id, p.merged_into IS NOT NULL FROM person p WHERE p.id "
                           "= $1 AND " PERSON_IN_SCOPE("$2", "$3"));

const db::Statement kVersion("person_version", "SELECT version FROM aggregate WHERE id = $1");

const db::Statement kVersions("person_versions",
                              "SELECT id, version FROM aggregate WHERE id = ANY($1::uuid[])");

const db::Statement kStates("person_states", R"(
  SELECT p.id, a.version, p.merged_into FROM person p JOIN aggregate a ON a.id = p.id
  WHERE p.id = ANY($1::uuid[]) AND )" PERSON_IN_SCOPE("$2", "$3"));

const db::Statement kFind("person_find", R"(
  SELECT p.id, )" PERSON_COLUMNS("p.") R"(, p.merged_into,
         EXISTS (SELECT 1 FROM person l WHERE l.merged_into = p.id)
  FROM person p WHERE p.id = ANY($1::uuid[]) AND )" PERSON_IN_SCOPE("$2", "$3"));

const db::Statement kPut("person_put", R"(
  INSERT INTO person (id, basis, preferred_language, full_name_box, email_box, phone_box,
                      phone_e164_box, email_index, phone_index, created_at, updated_at, centre_id,
                      latin_name_box, birth_year_box, match_form, birth_date_box)
  VALUES ($1, $2, $3, $4::bytea, $5::bytea, $6::bytea, $7::bytea, $8::bytea, $9::bytea,
          $10::timestamptz, $11::timestamptz, $12, $13::bytea, $14::bytea, $15, $16::bytea)
  ON CONFLICT (id) DO UPDATE SET basis = EXCLUDED.basis,
    preferred_language = EXCLUDED.preferred_language, full_name_box = EXCLUDED.full_name_box,
    email_box = EXCLUDED.email_box, phone_box = EXCLUDED.phone_box,
    phone_e164_box = EXCLUDED.phone_e164_box, email_index = EXCLUDED.email_index,
    phone_index = EXCLUDED.phone_index, updated_at = EXCLUDED.updated_at,
    latin_name_box = EXCLUDED.latin_name_box, birth_year_box = EXCLUDED.birth_year_box,
    match_form = EXCLUDED.match_form, birth_date_box = EXCLUDED.birth_date_box
  WHERE $17::boolean OR person.centre_id = ANY($18::uuid[]))");

const db::Statement kInsertAll("person_insert_all", R"(
  INSERT INTO person (id, basis, preferred_language, full_name_box, email_box, phone_box,
                      phone_e164_box, email_index, phone_index, created_at, updated_at, centre_id,
                      latin_name_box, birth_year_box, match_form, birth_date_box)
  SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::bytea[], $5::bytea[],
                       $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::timestamptz[],
                       $11::timestamptz[], $12::uuid[], $13::bytea[], $14::bytea[],
                       $15::smallint[], $16::bytea[]))");

// Of these persons those whom the caller may see.
const db::Statement kSeen(
    "person_seen",
    "SELECT p.id FROM person p WHERE p.id = ANY($1::uuid[]) AND " PERSON_IN_SCOPE("$2", "$3"));

// Whom the caller may see of those under each of these keys, at most $5 of each.
const db::Statement kSearch("person_search", R"(
  SELECT DISTINCT m.person_id
  FROM unnest($1::smallint[], $2::bytea[]) AS w(kind, hash)
  CROSS JOIN LATERAL (
    SELECT k.person_id FROM person_match_key k JOIN person r ON r.id = k.person_id
      JOIN person p ON p.id = CASE WHEN r.merged_into IS NULL THEN r.id
                                   ELSE person_now(r.merged_into) END
    WHERE k.kind = w.kind AND k.hash = w.hash AND )" PERSON_IN_SCOPE("$3", "$4") R"(
    ORDER BY k.person_id LIMIT $5) m)");

const db::Statement kSaveMatchForm("person_save_match_form", R"(
  UPDATE person p SET match_form = $2
  WHERE p.id = ANY($1::uuid[]) AND ($3::boolean OR p.centre_id = ANY($4::uuid[]))
    AND NOT EXISTS (SELECT FROM person_apart a WHERE a.person_id = p.id))");

const db::Statement kInsertAffiliation("affiliation_insert", R"(
  INSERT INTO affiliation (id, person_id, organization_id, role, start_date, end_date, centre_id)
  VALUES ($1, $2, $3, $4, $5::date, $6::date, $7) ON CONFLICT (id) DO NOTHING)");

const db::Statement kSaveEnd("affiliation_save_end", R"(
  UPDATE affiliation SET end_date = $2::date
  WHERE id = $1 AND ($3::boolean OR centre_id = ANY($4::uuid[])))");

const db::Statement kFindAffiliation("affiliation_find", "SELECT " AFFILIATION_COLUMNS("f.") R"(
  FROM affiliation f WHERE f.id = $1
    AND ($2::boolean OR f.centre_id = ANY($3::uuid[])
         OR (f.role <> 5 AND f.organization_id = ANY($3::uuid[]))))");

}  // namespace

std::optional<Owner> FindOwner(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kOwner, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return Owner{db::AsOptionalUuid((*row)[0]), (*row)[1].as<bool>()};
}

int64_t PersonVersion(db::Tx& tx, const base::Uuid& id) {
  auto row = tx.ExecOptional(kVersion, id);
  return row ? (*row)[0].as<int64_t>() : 0;
}

std::map<base::Uuid, int64_t> PersonVersions(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, int64_t> versions;
  for (const auto& row : tx.Exec(kVersions, db::ArrayOf(ids))) {
    versions[db::AsUuid(row[0])] = row[1].as<int64_t>();
  }
  return versions;
}

// Of everybody, whoever asks: so candidates are looked for, and nothing of anybody is in it.
std::map<base::Uuid, PersonState> PersonStates(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  const base::Scope all = base::Scope::Everywhere();
  std::map<base::Uuid, PersonState> states;
  for (const auto& row : tx.Exec(kStates, db::ArrayOf(ids), all.everywhere(), all.AsArray())) {
    states[db::AsUuid(row[0])] = {row[1].as<int64_t>(), db::AsOptionalUuid(row[2])};
  }
  return states;
}

absl::StatusOr<Person> FindPerson(db::Tx& tx, const base::Scope& scope, const db::PersonKeys& keys,
                                  const base::Uuid& id) {
  return FindPersons(tx, scope, keys, {id}).at(id);
}

std::map<base::Uuid, absl::StatusOr<Person>> FindPersons(db::Tx& tx, const base::Scope& scope,
                                                         const db::PersonKeys& keys,
                                                         const std::vector<base::Uuid>& ids) {
  std::map<base::Uuid, absl::StatusOr<Person>> persons;
  const db::Rows rows = tx.Exec(kFind, db::ArrayOf(ids), scope.everywhere(), scope.AsArray());
  auto key_of = keys.GetAll(tx, ids);
  const std::map<base::Uuid, Guardian> guardians = FindGuardians(tx, ids);
  for (const auto& row : rows) {
    const base::Uuid id = db::AsUuid(row[0]);
    absl::StatusOr<crypto::Key>& key = key_of.at(id);
    auto person = key.ok() ? OpenPerson(id, row, 1, Boxes(keys.vault(), *std::move(key)))
                           : absl::StatusOr<Person>(key.status());
    const auto guardian = guardians.find(id);
    if (person.ok() && guardian != guardians.end()) person->guardian = guardian->second;
    if (person.ok()) {
      person->merged_into = db::AsOptionalUuid(row[1 + kPersonColumns]);
      person->has_merged = row[2 + kPersonColumns].as<bool>();
    }
    persons.emplace(id, std::move(person));
  }
  for (const base::Uuid& id : ids) {
    if (!persons.contains(id)) persons.emplace(id, base::NotFound(PersonName(id)));
  }
  return persons;
}

absl::Status PutPerson(db::Tx& tx, const base::Scope& scope, const db::PersonKeys& keys,
                       const Person& person) {
  ASSIGN_OR_RETURN(const crypto::Key key, keys.GetOrCreate(tx, person.id));
  const SealedPerson sealed = Sealed(keys.vault(), key, person);
  std::apply(
      [&](const auto&... column) {
        tx.ExecLater(kPut, column..., scope.everywhere(), scope.AsArray());
      },
      sealed.columns);
  PutMatchKeys(tx, keys.vault(), person);
  return absl::OkStatus();
}

SealedPerson Sealed(const crypto::Vault& vault, const crypto::Key& key, const Person& person) {
  const Boxes boxes(vault, key);
  const std::string birth_year = person.birth_year == 0 ? "" : absl::StrCat(person.birth_year);
  const std::string birth_date = person.birth_date ? base::FormatDay(*person.birth_date) : "";
  return {
      {person.id, person.basis, person.preferred_language,
       boxes.Seal(kFullNameBox, person.full_name), boxes.Seal(kEmailBox, person.email),
       boxes.Seal(kPhoneBox, person.phone.original), boxes.Seal(kPhoneE164Box, person.phone.e164),
       boxes.Index(kEmailBox, EmailSearchKey(person.email)),
       boxes.Index(kPhoneBox, person.phone.search_key), person.created_at, person.updated_at,
       person.centre, boxes.Seal(kLatinNameBox, person.latin_name),
       boxes.Seal(kBirthYearBox, birth_year), kMatchForm, boxes.Seal(kBirthDateBox, birth_date)}};
}

void InsertSealed(db::Tx& tx, const std::vector<SealedPerson>& persons) {
  std::array<std::vector<db::Param>, std::tuple_size_v<decltype(SealedPerson::columns)>> columns;
  for (const SealedPerson& person : persons) {
    for (size_t at = 0; at < columns.size(); ++at) columns[at].push_back(person.columns[at]);
  }
  std::apply([&](const auto&... column) { tx.ExecLater(kInsertAll, db::Array(column)...); },
             columns);
}

std::set<base::Uuid> SeenOf(db::Tx& tx, const base::Scope& scope,
                            const std::vector<base::Uuid>& ids) {
  if (scope.everywhere() || ids.empty()) return {ids.begin(), ids.end()};
  std::set<base::Uuid> seen;
  for (const auto& row : tx.Exec(kSeen, db::ArrayOf(ids), scope.everywhere(), scope.AsArray())) {
    seen.insert(db::AsUuid(row[0]));
  }
  return seen;
}

std::vector<base::Uuid> SearchByKeys(db::Tx& tx, const base::Scope& scope,
                                     const crypto::Vault& vault, const std::vector<MatchKey>& keys,
                                     int most) {
  std::vector<base::Uuid> found;
  if (keys.empty()) return found;
  const HashedKeys hashed = HashKeys(vault, keys);
  for (const auto& row :
       tx.Exec(kSearch, hashed.kinds, hashed.hashes, scope.everywhere(), scope.AsArray(), most)) {
    found.push_back(db::AsUuid(row[0]));
  }
  return found;
}

void SaveMatchForm(db::Tx& tx, const base::Scope& scope, const std::vector<base::Uuid>& ids) {
  tx.Exec(kSaveMatchForm, db::ArrayOf(ids), kMatchForm, scope.everywhere(), scope.AsArray());
}

bool InsertAffiliation(db::Tx& tx, const Affiliation& affiliation) {
  return tx.ExecCount(kInsertAffiliation, affiliation.id, affiliation.person_id,
                      affiliation.organization_id, affiliation.role, affiliation.start_date,
                      affiliation.end_date, affiliation.centre) == 1;
}

void SaveEnd(db::Tx& tx, const base::Scope& scope, const Affiliation& affiliation) {
  tx.Exec(kSaveEnd, affiliation.id, affiliation.end_date, scope.everywhere(), scope.AsArray());
}

std::optional<Affiliation> FindAffiliation(db::Tx& tx, const base::Scope& scope,
                                           const base::Uuid& id) {
  auto row = tx.ExecOptional(kFindAffiliation, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadAffiliation(*row);
}

filter::FieldMap AffiliationFields() {
  return {{"name", filter::Uuid("f.id").NotNull()},
          {"organization", filter::Resource("f.organization_id", "organizations/{}").NotNull()},
          {"role", filter::Enum<v1::AffiliationRole>("f.role").NotNull()},
          {"start_date", filter::Date("f.start_date").NotNull()},
          {"end_date", filter::Date("f.end_date")}};
}

const filter::ListSpec& AffiliationList() {
  static const auto* spec =
      new filter::ListSpec{.columns = AFFILIATION_COLUMNS("f.") ", a.version",
                           .from = "affiliation f JOIN aggregate a ON a.id = f.person_id",
                           .fields = AffiliationFields(),
                           .key = "name",
                           .centres = {"f.centre_id", "f.organization_id"}};
  return *spec;
}

AffiliationView ReadAffiliationView(const db::Row& row) {
  return {ReadAffiliation(row), row[kAffiliationColumns].as<int64_t>()};
}

}  // namespace ieum::registry
