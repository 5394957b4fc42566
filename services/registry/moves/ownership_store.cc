#include "services/registry/moves/ownership_store.h"

#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {
namespace {

const db::Statement kLastMove("ownership_last_move", R"(
  SELECT move_id FROM ownership_before
  WHERE row_id = $1 AND ($2::boolean OR centre_id = ANY($3::uuid[]))
  ORDER BY epoch DESC LIMIT 1)");

const db::Statement kCentreAt("ownership_centre_at", R"(
  SELECT centre_id FROM ownership_before
  WHERE row_id = $1 AND to_at > $2::timestamptz ORDER BY epoch LIMIT 1)");

}  // namespace

absl::Status GoneOrUnknown(db::Tx& tx, const base::Scope& scope, const base::Uuid& row,
                           const std::string& name) {
  const auto found = tx.ExecOptional(kLastMove, row, scope.everywhere(), scope.AsArray());
  if (!found) return base::NotFound(name);
  const std::string move = "moves/" + db::AsUuid((*found)[0]).ToString();
  return base::Forbidden(v1::ERROR_REASON_OWNERSHIP_MOVED,
                         "another centre has taken it over since; only that one changes it",
                         {{"resource", name}, {"move", move}});
}

absl::Status GoneOr(db::Tx& tx, const base::Scope& scope, const base::Uuid& row,
                    const std::string& name, const absl::Status& found) {
  if (!absl::IsNotFound(found)) return found;
  const absl::Status gone = GoneOrUnknown(tx, scope, row, name);
  return absl::IsNotFound(gone) ? found : gone;
}

std::optional<base::Uuid> CentreAt(db::Tx& tx, const base::Uuid& row, absl::Time instant,
                                   const std::optional<base::Uuid>& now) {
  const auto then = tx.ExecOptional(kCentreAt, row, instant);
  return then ? db::AsOptionalUuid((*then)[0]) : now;
}

}  // namespace ieum::registry
