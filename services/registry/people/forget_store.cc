#include "services/registry/people/forget_store.h"

#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

const db::Statement kForget("person_forget", R"(
  UPDATE person SET full_name_box = '', email_box = NULL, phone_box = NULL, phone_e164_box = NULL,
    latin_name_box = NULL, birth_year_box = NULL, birth_date_box = NULL,
    erased_at = $2::timestamptz,
    updated_at = $2::timestamptz
  WHERE id = $1 AND ($3::boolean OR centre_id = ANY($4::uuid[])))");

#define GIVEN_BACK(field, column) \
  column " = CASE WHEN '" field "' = ANY(m.taken_fields) THEN m." column " ELSE v." column " END"

// While a merge that was a mistake held, the other record said her values, sealed with its own key.
// There the survivor's own stand again, as they were before that merge.
const db::Statement kForgetTaken("person_forget_taken", R"(
  UPDATE person_version v SET )" GIVEN_BACK("full_name", "full_name_box") ", "
    GIVEN_BACK("latin_name", "latin_name_box") ", " GIVEN_BACK("birth_year", "birth_year_box") ", "
    GIVEN_BACK("birth_year", "birth_date_box") ", " GIVEN_BACK("email", "email_box") ", "
    GIVEN_BACK("phone", "phone_box") ", " GIVEN_BACK("phone", "phone_e164_box") R"(
  FROM person_merge m
  WHERE m.duplicate_id = $1 AND m.state = 2 AND v.person_id = m.survivor_id
    AND v.known_from >= m.created_at AND v.known_to <= m.undone_at
    AND ($2::boolean OR v.centre_id = ANY($3::uuid[])))");

const db::Statement kOpen("affiliation_open_of", R"(
  SELECT id, organization_id, role, start_date, end_date, centre_id FROM affiliation
  WHERE person_id = $1 AND (end_date IS NULL OR end_date > $2::date) ORDER BY id)");

const db::Statement kCountKeys("person_count_match_keys",
                               "SELECT count(*) FROM person_match_key WHERE person_id = $1");

const db::Statement kErased("person_erased",
                            "SELECT erased_at IS NOT NULL FROM person WHERE id = $1");

const db::Statement kTombstone("person_tombstone", R"(
  SELECT centre_id, created_at, erased_at FROM person
  WHERE id = $1 AND erased_at IS NOT NULL AND ($2::boolean OR centre_id = ANY($3::uuid[])))");

}  // namespace

void ForgetPerson(db::Tx& tx, const base::Scope& scope, const base::Uuid& id, absl::Time at) {
  tx.Exec(kForget, id, at, scope.everywhere(), scope.AsArray());
  tx.Exec(kForgetTaken, id, scope.everywhere(), scope.AsArray());
}

std::vector<Affiliation> OpenAffiliations(db::Tx& tx, const base::Uuid& person,
                                          absl::CivilDay today) {
  std::vector<Affiliation> open;
  for (const auto& row : tx.Exec(kOpen, person, today)) {
    Affiliation affiliation;
    affiliation.id = db::AsUuid(row[0]);
    affiliation.person_id = person;
    affiliation.organization_id = db::AsUuid(row[1]);
    affiliation.role = static_cast<v1::AffiliationRole>(row[2].as<int>());
    affiliation.start_date = db::AsDay(row[3]);
    affiliation.end_date = db::AsOptionalDay(row[4]);
    affiliation.centre = db::AsOptionalUuid(row[5]);
    open.push_back(std::move(affiliation));
  }
  return open;
}

int64_t CountMatchKeys(db::Tx& tx, const base::Uuid& person) {
  return tx.Exec(kCountKeys, person)[0][0].as<int64_t>();
}

absl::Status RequireNotErased(db::Tx& tx, const base::Uuid& person) {
  const auto row = tx.ExecOptional(kErased, person);
  if (!row || !(*row)[0].as<bool>()) return absl::OkStatus();
  return base::Forbidden(platform::v1::ERROR_REASON_PERSON_ERASED,
                         "the person's data were erased and cannot come back");
}

std::optional<Tombstone> FindTombstone(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kTombstone, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return Tombstone{db::AsOptionalUuid((*row)[0]), db::AsTime((*row)[1]), db::AsTime((*row)[2])};
}

}  // namespace ieum::registry
