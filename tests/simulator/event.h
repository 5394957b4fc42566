// A row of the ledger as the event that a consumer gets, and what is to be done with it.
#pragma once

#include "platform/flow/task.h"
#include "tests/simulator/ledger.h"

namespace ieum::flow::simulation {

ReceivedEvent EventOf(const Row& row, int64_t epoch, int shard, int64_t pos);
// The id of the row that an event says to be.
uint64_t RowOf(const ReceivedEvent& event);
Task TaskOf(RowKind kind);

}  // namespace ieum::flow::simulation
