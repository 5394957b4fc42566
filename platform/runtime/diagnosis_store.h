// What the database says of itself and of who works on it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/database.h"

namespace ieum::runtime {

struct DatabaseLook {
  absl::Time time;  // its clock
  int64_t bytes = 0;
  std::string relay_leader;                    // empty = nobody holds the lease
  std::vector<std::string> epochs_to_accept;   // producers
  std::map<std::string, std::string> applied;  // set of migrations → its newest
};
absl::StatusOr<DatabaseLook> LookAtDatabase(db::Database& database);

}  // namespace ieum::runtime
