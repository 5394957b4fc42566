#include "services/registry/people/employment_store.h"

#include "services/registry/people/person_rows.h"

namespace ieum::registry {
namespace {

const db::Statement kEmployments("affiliation_employments", "SELECT " AFFILIATION_COLUMNS("f.") R"(
  FROM affiliation f WHERE f.person_id = $1 AND f.role = 5 ORDER BY f.start_date)");

const db::Statement kSavePeriod("affiliation_save_period", R"(
  UPDATE affiliation SET start_date = $2::date, end_date = $3::date
  WHERE id = $1 AND ($4::boolean OR centre_id = ANY($5::uuid[])))");

}  // namespace

std::vector<Affiliation> EmploymentsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<Affiliation> employments;
  for (const auto& row : tx.Exec(kEmployments, person)) {
    employments.push_back(ReadAffiliation(row));
  }
  return employments;
}

void SavePeriod(db::Tx& tx, const base::Scope& scope, const Affiliation& affiliation) {
  tx.Exec(kSavePeriod, affiliation.id, affiliation.start_date, affiliation.end_date,
          scope.everywhere(), scope.AsArray());
}

}  // namespace ieum::registry
