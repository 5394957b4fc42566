// An engagement with everything that hangs on it, when another centre takes it over.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::casemgmt {

// Every form of the engagement, in any state, in id order.
std::vector<base::Uuid> FormsOf(db::Tx& tx, const base::Uuid& engagement_id);

// The engagement, its visits and its forms belong to the centre (nullopt: the whole suite) from now
// on. For a reaction, which acts for the suite, behind the locks of all.
void HandOver(db::Tx& tx, const base::Uuid& engagement_id, const std::optional<base::Uuid>& centre,
              absl::Time at);

}  // namespace ieum::casemgmt
