// Is the access log as it was written? Walks the whole chain.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/database.h"

namespace ieum::access_log {

// A row that was recorded longer ago than this and is not sealed is a fault: sealing takes a
// second.
inline constexpr absl::Duration kSealingPatience = absl::Minutes(2);

struct Verdict {
  int64_t rows = 0, seals = 0;  // that were looked at
  int64_t pending = 0;          // rows that wait for their seal
  int64_t began_after = 0;      // the seal that the chain begins after: 0, or an anchor's
  int64_t head_number = 0;
  std::string head_hash;             // hex; keep it elsewhere, and say it next time
  std::optional<std::string> fault;  // the first one, in words; none = all is as it was written
};

// A seal that somebody wrote down elsewhere, such as the service in its log.
struct KnownSeal {
  int64_t number = 0;
  std::string hash;  // hex
};

// Reads in pieces, so that no transaction is long. An error when it cannot be read.
absl::StatusOr<Verdict> Verify(db::Database& database, const std::optional<KnownSeal>& known);

}  // namespace ieum::access_log
