#include "services/casemgmt/engagements/consultant_hours.h"

namespace ieum::casemgmt {

const db::Statement kFreeHours("consultant_hours_free",
                               "DELETE FROM consultant_hours WHERE visit_id = $1");

void FreeHours(db::Tx& tx, const base::Uuid& of) { tx.Exec(kFreeHours, of); }

const db::Statement kTakeHours("consultant_hours_take", R"(
  INSERT INTO consultant_hours (visit_id, consultant_id, during)
  VALUES ($1, $2, tstzrange($3, $4, '[)')) ON CONFLICT DO NOTHING)");

bool TakeHours(db::Tx& tx, const ConsultantHours& hours) {
  FreeHours(tx, hours.of);
  return tx.ExecCount(kTakeHours, hours.of, hours.consultant, hours.start, hours.end) == 1;
}

}  // namespace ieum::casemgmt
