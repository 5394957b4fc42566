// Whose rows were before: the table `ownership_before`. The lowest file of the room, which every
// room may ask.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::registry {

// What to tell somebody who wants to change a row that the scope does not hold: OWNERSHIP_MOVED,
// naming the move, when it was one of his and another centre has taken it over; else NOT_FOUND, as
// of any row that is not there. row:R24
absl::Status GoneOrUnknown(db::Tx& tx, const base::Scope& scope, const base::Uuid& row,
                           const std::string& name);

// The same for a use case that looked it up: any other answer stays.
absl::Status GoneOr(db::Tx& tx, const base::Scope& scope, const base::Uuid& row,
                    const std::string& name, const absl::Status& found);

// Whose a row was at the instant; `now`: whose it is.
std::optional<base::Uuid> CentreAt(db::Tx& tx, const base::Uuid& row, absl::Time instant,
                                   const std::optional<base::Uuid>& now);

}  // namespace ieum::registry
