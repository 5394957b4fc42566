// The SQL of CreateOrganization as pgbench scripts.
#pragma once

#include <string>

namespace ieum::bench {

// One command a transaction, statement for statement what the registry runs.
std::string OneCommandScript();
// The transaction that reads the answer afterwards.
std::string ReadBackScript();
// 64 commands a transaction, one statement for each step of all of them.
std::string BatchScript();
inline constexpr int kBatch = 64;

}  // namespace ieum::bench
