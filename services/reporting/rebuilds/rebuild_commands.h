// Use cases on rebuilds: to start one. Its work is in rebuild_work.h.
#pragma once

#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "platform/ledger/ledger.h"

namespace ieum::reporting {

// REBUILD_RUNNING when another one is at work; ID_TAKEN.
absl::StatusOr<ledger::Done> StartRebuild(ledger::UnitOfWork& work,
                                          const v1::CreateRebuildRequest& request);

}  // namespace ieum::reporting
