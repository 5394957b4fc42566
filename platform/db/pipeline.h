// Several statements on one trip to the server and back. Inside of platform/db.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/db/tx.h"

namespace ieum::db {

// Sends all of them and then reads how many rows each has changed; statements behind one that
// fails are not run. Throws as pqxx would; `failed` is then the place of the statement that did, or
// the number of statements when none is to blame. All are prepared, and together they are small
// enough for the server's socket (see kPipelineBytes).
std::vector<int64_t> ExecPipelined(Connection& connection,
                                   const std::vector<NotedStatement>& statements, size_t* failed);

// More than this waits for the server to read, which it stops doing when nobody reads its answers.
inline constexpr size_t kPipelineBytes = 48 * 1024;
inline constexpr size_t kPipelineStatements = 256;

}  // namespace ieum::db
