// PostgreSQL's own tools: pg_dump, pg_restore.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/backup/places.h"

namespace ieum::backup {

// "15.8"; NOT_FOUND when the tools are not installed.
absl::StatusOr<std::string> PgDumpVersion();
// Into `file`, of the exported snapshot.
absl::Status Dump(const DatabasePlace& place, const std::string& snapshot, const std::string& file);
// The table of contents can be read.
absl::Status CheckDump(const std::string& file);
// All or nothing. What it makes belongs to the role that connects.
absl::Status RestoreDump(const DatabasePlace& place, const std::string& file);

}  // namespace ieum::backup
