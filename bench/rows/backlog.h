// Ledgers and tables of a wanted size, written by SQL as the registry writes them: the row of an
// organization that the registry itself made is copied with other ids.
#pragma once

#include <cstdint>

#include "bench/harness/bench.h"

namespace ieum::bench {

enum class Fill {
  kWithEvents,     // aggregates, organizations, claims, ledger, counters
  kWithoutEvents,  // the same without the ledger: tables to read from, nothing for the relay
};

// The registry must serve. Adds `count` organizations.
void FillOrganizations(Suite& suite, int64_t count, Fill fill);

}  // namespace ieum::bench
