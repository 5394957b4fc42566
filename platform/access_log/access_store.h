// Rows of the access log, its seals and its anchors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "platform/access_log/access.h"
#include "platform/db/tx.h"

namespace ieum::access_log {

// As rows `first`, `first` + 1, … of the writer; how many of these numbers were free.
int64_t InsertRows(db::Tx& tx, const base::Uuid& writer, int64_t first,
                   absl::Span<const Access* const> accesses);
// Rows `first` … `last` of a writer that are there, in their order.
std::vector<Row> ReadRows(db::Tx& tx, const base::Uuid& writer, int64_t first, int64_t last);

// What nobody has sealed yet of one writer.
struct OpenRun {
  base::Uuid writer;
  int64_t first_row = 0, last_row = 0;
};
// Of all writers whose ids are not less than `from`.
std::vector<OpenRun> OpenRuns(db::Tx& tx, const base::Uuid& from);

// The last seal, or what stands for it: number 0 and NoSeal() before the first, the anchor when all
// seals went. `now`: the database's clock.
struct ChainEnd {
  int64_t number = 0;
  std::string hash;
  absl::Time now;
};
ChainEnd LastSeal(db::Tx& tx);
// False when somebody else has made a seal of this number, or sealed these rows.
bool InsertSeal(db::Tx& tx, const Seal& seal);

// Seals after `number`, in their order, at most `limit`.
std::vector<Seal> ReadSeals(db::Tx& tx, int64_t after, int limit);
// Where the chain begins: number 0 and NoSeal(), or the last anchor.
ChainEnd ChainBeginning(db::Tx& tx);

// A row that no seal covers, and how old it is by the database's clock.
struct Unsealed {
  RowId id;
  absl::Duration age;
  int64_t sealed_up_to = 0;  // last sealed row of the same writer; 0 = none
};
// The first `limit` of them by writer and number.
std::vector<Unsealed> UnsealedRows(db::Tx& tx, int limit);

// Rows recorded in [from, to), in the order of their writers and numbers, after `after`.
std::vector<Row> ReadPeriod(db::Tx& tx, absl::Time from, absl::Time to, const RowId& after,
                            int limit);

// Deletes as the function of the database does; how many rows went.
int64_t PurgeRows(db::Tx& tx, absl::Time before, int seals_max);

}  // namespace ieum::access_log
