// Consents that were said while a process of an older release was listening: it knew of none and
// passed over them. After an upgrade registry's ledger is read once more from its beginning, and
// for a day behind the consumer, for that long may pods of both releases take turns.
#pragma once

#include "platform/db/database.h"
#include "platform/flow/due_work.h"
#include "platform/flow/log_reader.h"

namespace ieum::casemgmt {

// For App::AddDueWork; the database outlives it. `read` is asked for registry's ledger. What counts
// as due are shards that have not come to where the consumer stood at the upgrade.
flow::DueWork PastConsents(db::Database& database, flow::LogReader read);

}  // namespace ieum::casemgmt
