// One row of the ledger as the event that travels: over ReadLog, and through the broker.
#pragma once

#include "ieum/platform/v1/ops.pb.h"
#include "platform/db/tx.h"

namespace ieum::ledger {

// Columns in this order: shard, pos, event_id, type, subject, aggregate_id, version, occurred_at,
// actor, correlation_id, causation_id, traceparent, payload.
platform::v1::LedgerEvent EventOf(const db::Row& row);

}  // namespace ieum::ledger
