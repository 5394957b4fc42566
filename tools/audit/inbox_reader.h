// What consumers keep about themselves: cursors, check points, dead letters.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/db/database.h"

namespace ieum::audit {

struct Cursor {
  std::string producer;
  int shard = 0;
  int64_t epoch = 0;
  int64_t pos = 0;
  uint64_t check_hash = 0;
};

struct DeadLetter {
  std::string producer;
  int64_t epoch = 0;
  int shard = 0;
  int64_t pos = 0;
  base::Uuid aggregate;
  std::string event_id;    // of the kept event
  bool parked = false;     // its aggregate is
  bool discarded = false;  // given up by an operator: the decision is kept, the letter is gone
};

struct Inbox {
  std::vector<Cursor> cursors;
  std::vector<Cursor> check_points;  // earlier stands of them
  std::vector<DeadLetter> dead;
};

// All in one instant.
absl::StatusOr<Inbox> ReadInbox(db::Database& database);

}  // namespace ieum::audit
