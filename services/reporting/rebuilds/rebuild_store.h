// Rebuilds as they are kept, and how far the running one has read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ieum/reporting/v1/metric_service.pb.h"
#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"

namespace ieum::reporting {

std::optional<v1::Rebuild> FindRebuild(db::Tx& tx, const base::Uuid& id);
std::optional<v1::Rebuild> FindRunningRebuild(db::Tx& tx);
// The same, locked until commit: of two processes that would end it, the later one finds it ended.
std::optional<v1::Rebuild> LockRunningRebuild(db::Tx& tx);
// False when another one runs.
bool InsertRebuild(db::Tx& tx, const base::Uuid& id, v1::RebuildMode mode, absl::Time at);
// Locks it until commit, as its end does. False when it runs no more.
bool AddAppliedEvents(db::Tx& tx, const base::Uuid& id, int64_t events);
void FinishRebuild(db::Tx& tx, const base::Uuid& id, const v1::Rebuild& result, absl::Time at);
const filter::ListSpec& RebuildList();
v1::Rebuild RebuildOf(const db::Row& row);

// Positions read so far; empty before the first step.
std::vector<v1::ProducerPosition> RebuildPositions(db::Tx& tx);
// False when they stood there already.
bool BeginRebuildPositions(db::Tx& tx, const std::vector<std::string>& producers);
void ForgetRebuildPositions(db::Tx& tx);
// False when the shard no longer stands at `from`: somebody else works on it; and when the consumer
// knows a later epoch of the ledger than `epoch`, in which it was read.
bool MoveRebuildPosition(db::Tx& tx, const std::string& producer, int shard, int64_t from,
                         int64_t to, int64_t epoch);

}  // namespace ieum::reporting
