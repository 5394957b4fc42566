#include "services/registry/people/apart_store.h"

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/registry/people/person_rows.h"

namespace ieum::registry {
namespace {

const db::Statement kFind("person_apart_find", R"(
  SELECT reason, rule_code, kept_at, keeper, search_keys FROM person_apart WHERE person_id = $1)");

const db::Statement kKeep("person_apart_keep", R"(
  INSERT INTO person_apart (person_id, reason, rule_code, search_keys, kept_at, keeper)
  SELECT $1::uuid, $2::smallint, $3, keep_person_apart($1::uuid, $4::timestamptz),
    $4::timestamptz, $5)");

const db::Statement kPutBack("person_apart_put_back", "SELECT put_person_back($1)");

const db::Statement kGone("person_apart_gone", "DELETE FROM person_apart WHERE person_id = $1");

const db::Statement kLook("person_apart_look", R"(
  SELECT note_person_apart_look($1, $2, $3, $4::timestamptz, $5, $6))");

const db::Statement kKey("person_apart_key", "SELECT person_key_of_look($1)");

const db::Statement kOpen("person_apart_open", "SELECT " PERSON_COLUMNS("p.") R"(
  FROM person p WHERE p.id = $1 AND )" PERSON_IN_SCOPE("$2", "$3"));

#define FREE                                                                                  \
  " FROM person_apart a JOIN person p ON p.id = a.person_id WHERE p.merged_into IS NULL AND " \
  "NOT EXISTS (SELECT FROM legal_hold h WHERE h.person_id = p.id AND h.released_at IS NULL "  \
  "AND (h.end_date IS NULL OR h.end_date >= $1::date))"

const db::Statement kFree("person_apart_free",
                          "SELECT p.id, a.kept_at" FREE
                          " AND p.id > $2::uuid ORDER BY p.id LIMIT $3::bigint");

const db::Statement kCountFree("person_apart_count_free", "SELECT count(*)" FREE);

}  // namespace

std::optional<Apart> FindApart(db::Tx& tx, const base::Uuid& person) {
  const auto row = tx.ExecOptional(kFind, person);
  if (!row) return std::nullopt;
  return Apart{static_cast<v1::ErasureReason>((*row)[0].as<int>()), db::AsText((*row)[1]),
               db::AsTime((*row)[2]), db::AsText((*row)[3]), (*row)[4].as<int>()};
}

absl::Status RequireNotApart(db::Tx& tx, const base::Uuid& person) {
  if (!FindApart(tx, person)) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_PERSON_KEPT_APART,
                         "the person's data are kept apart from those in use; they are to be put "
                         "back first",
                         {{"person", PersonName(person)}});
}

absl::Status NotKeptApart(const base::Uuid& person) {
  return base::Forbidden(v1::ERROR_REASON_NOT_KEPT_APART,
                         "the person's data are not kept apart: they are in use, or gone",
                         {{"person", PersonName(person)}});
}

void KeepRecordApart(db::Tx& tx, const base::Uuid& person, const Apart& apart) {
  tx.Exec(kKeep, person, apart.reason, apart.rule, apart.kept_at, apart.keeper);
}

void PutRecordBack(db::Tx& tx, const base::Uuid& person) {
  tx.Exec(kPutBack, person);
  tx.Exec(kGone, person);
}

void NoteLook(db::Tx& tx, const ApartLook& look) {
  tx.Exec(kLook, look.id, look.person_id, look.put_back, look.looked_at, look.looker, look.reason);
}

absl::StatusOr<Person> OpenForLook(db::Tx& tx, const base::Scope& scope, const crypto::Vault& vault,
                                   const base::Uuid& look, const base::Uuid& person) {
  const auto row = tx.ExecOptional(kOpen, person, scope.everywhere(), scope.AsArray());
  if (!row) return base::NotFound(PersonName(person));
  const db::Row wrapped = tx.Exec(kKey, look)[0];
  if (wrapped[0].is_null()) return NotKeptApart(person);
  ASSIGN_OR_RETURN(crypto::Key key, vault.Unwrap(person, db::AsBytes(wrapped[0])));
  return OpenPerson(person, *row, 0, Boxes(vault, std::move(key)));
}

std::vector<ApartPerson> ApartAndFree(db::Tx& tx, absl::CivilDay today, const base::Uuid& behind,
                                      int limit) {
  std::vector<ApartPerson> persons;
  for (const auto& row : tx.Exec(kFree, today, behind, limit)) {
    persons.push_back({db::AsUuid(row[0]), db::AsTime(row[1])});
  }
  return persons;
}

int64_t CountApartAndFree(db::Tx& tx, absl::CivilDay today) {
  return tx.Exec(kCountFree, today)[0][0].as<int64_t>();
}

}  // namespace ieum::registry
