// pgbench as the limit: the statements of the services, taken from the services' own code, with
// values that pgbench makes, and nobody else at work.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/harness/suite.h"

namespace ieum::bench {

// SQL of the statement that the services registered under `name`, with $1… replaced.
std::string StatementText(const std::string& name, const std::vector<std::string>& values);

struct PgbenchSpec {
  std::string database;  // "ieum_registry"
  std::string script;
  int clients = 8;
  double seconds = 5;
};

struct PgbenchSeen {
  double per_second = 0;  // transactions
  double p50_ms = 0, p99_ms = 0;
  double cpu_per_1000 = 0;  // of PostgreSQL and pgbench, for 1,000 transactions
};

PgbenchSeen RunPgbench(Suite& suite, const PgbenchSpec& spec);

}  // namespace ieum::bench
