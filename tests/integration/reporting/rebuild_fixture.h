// Rebuilds over the small year: a ledger to read, one that is started, and how it stands.
#pragma once

#include <vector>

#include "platform/flow/log_reader.h"
#include "services/reporting/rebuilds/rebuild_store.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {

// The ledger of a producer as its ReadLog would answer, two events a piece.
flow::LogReader LogOf(const std::vector<flow::ReceivedEvent>& events);
base::Uuid StartOne(ReportingDatabase& reporting, v1::RebuildMode mode);
v1::Rebuild Find(ReportingDatabase& reporting, const base::Uuid& id);

}  // namespace ieum::reporting
