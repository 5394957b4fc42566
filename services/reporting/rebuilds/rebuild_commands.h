// Use cases on rebuilds: to start one, and the steps of its work that change something
// (rebuild_work.h says when).
#pragma once

#include <string>
#include <vector>

#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "platform/ledger/ledger.h"
#include "services/reporting/rebuilds/log_ahead.h"

namespace ieum::reporting {

// REBUILD_RUNNING when another one is at work; ID_TAKEN.
absl::StatusOr<ledger::Done> StartRebuild(ledger::UnitOfWork& work,
                                          const v1::CreateRebuildRequest& request);

// Empties the generation that is not live and sets the positions to the beginning. A process that
// slept since it saw that there were none empties nothing that another one has filled meanwhile,
// nor what has become live.
void BeginReading(db::Tx& tx, const std::vector<std::string>& producers);

// ABORTED, and nothing is kept, when the rebuild is no longer where the piece begins: another
// process works on it, it has ended, or its producer's ledger was restored.
absl::Status KeepPiece(db::Tx& tx, const base::Uuid& rebuild, const LogPiece& piece);

}  // namespace ieum::reporting
