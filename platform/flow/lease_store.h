// The lease rows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/database.h"

namespace ieum::flow {

// Takes those that are free or ours and renews them for `ttl` from now, by the database's clock.
// Returns the terms of those that we hold. `renewal`: nothing is lost when the commit is.
absl::StatusOr<std::map<std::string, int64_t>> TakeLeases(db::Database& database,
                                                          const std::string& owner,
                                                          std::vector<std::string> names,
                                                          absl::Duration ttl, bool renewal);
// Frees those that are still ours.
absl::Status FreeLeases(db::Database& database, const std::string& owner,
                        std::vector<std::string> names);

}  // namespace ieum::flow
