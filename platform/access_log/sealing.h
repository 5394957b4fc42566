// Closes runs of rows into the chain of seals. Appending never waits for it, and it never waits for
// an append: it takes what is visible. Of one writer that is complete up to the greatest number,
// because a writer commits one transaction after the other; so what is committed later is later in
// number, and each row is sealed once, however late its transaction ends.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "platform/access_log/access.h"
#include "platform/db/database.h"

namespace ieum::access_log {

inline constexpr int64_t kSealRowsMax = 1000;
// Writers of the last day are looked at each time, all others with `everything`.
inline constexpr absl::Duration kRecent = absl::Hours(24);

struct Sealed {
  int64_t rows = 0;
  int64_t seals = 0;
  std::string last_hash;  // of the chain's end; "" = nothing was sealed
  int64_t last_number = 0;
  bool more = false;         // a writer had more than kSealRowsMax rows: the rest is open still
  bool more_of_old = false;  // so had one that only `everything` finds
  // Writers that miss a row before others that are there: somebody took it away. What stands behind
  // the hole is left as it is found.
  std::vector<RowId> missing;
};

// One transaction: seals what is open now, at most kSealRowsMax rows of each writer. Two that do it
// at once cannot both succeed: one of them is ABORTED and has done nothing. `everything`: also
// writers that began long ago.
absl::StatusOr<Sealed> SealOpenRows(db::Database& database, bool everything);

// One transaction after the other while a writer of late has more, at most `runs`; with
// `everything` the first of them looks at all writers. `go_on` is asked before each further one: no
// more is done when it says false. What they sealed together; a failure forgets what was sealed
// before it, and the rows stay sealed.
absl::StatusOr<Sealed> SealAll(db::Database& database, bool everything, int runs,
                               const std::function<bool()>& go_on);

// Deletes sealed rows that are older than `kept`, in bounded pieces; how many went. The database
// refuses less than two years.
absl::StatusOr<int64_t> PurgeOlderThan(db::Database& database, absl::Duration kept);

}  // namespace ieum::access_log
