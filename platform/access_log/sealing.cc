#include "platform/access_log/sealing.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "platform/access_log/access_store.h"
#include "platform/base/status.h"

namespace ieum::access_log {
namespace {

constexpr int kPurgeSealsMax = 1000;  // in one transaction

base::Uuid Since(bool everything) {
  return everything ? base::Uuid() : base::Uuid::NewV7At(absl::Now() - kRecent);
}

// The rows from the first one on that stand behind each other.
void CutAtHole(const OpenRun& run, std::vector<Row>* rows, Sealed* sealed) {
  size_t whole = 0;
  while (whole < rows->size() &&
         (*rows)[whole].id.number == run.first_row + static_cast<int64_t>(whole)) {
    ++whole;
  }
  const int64_t wanted = std::min(run.last_row, run.first_row + kSealRowsMax - 1);
  if (run.first_row + static_cast<int64_t>(whole) <= wanted) {
    sealed->missing.push_back({run.writer, run.first_row + static_cast<int64_t>(whole)});
  }
  rows->resize(whole);
}

Seal SealOf(const std::vector<Row>& rows, const ChainEnd& end) {
  Seal seal;
  seal.number = end.number + 1;
  seal.writer = rows.front().id.writer;
  seal.first_row = rows.front().id.number;
  seal.last_row = rows.back().id.number;
  seal.newest = rows.front().recorded_at;
  seal.sealed_at = end.now;
  for (const Row& row : rows) {
    seal.newest = std::max(seal.newest, row.recorded_at);
    seal.row_hashes += HashOf(row);
  }
  seal.previous_hash = end.hash;
  seal.hash = HashOf(seal);
  return seal;
}

absl::Status SealRuns(db::Tx& tx, const std::vector<OpenRun>& runs, Sealed* sealed) {
  const base::Uuid recent = Since(false);
  ChainEnd end = LastSeal(tx);
  for (const OpenRun& run : runs) {
    const int64_t last = std::min(run.last_row, run.first_row + kSealRowsMax - 1);
    std::vector<Row> rows = ReadRows(tx, run.writer, run.first_row, last);
    CutAtHole(run, &rows, sealed);
    if (rows.empty()) continue;
    const Seal seal = SealOf(rows, end);
    if (!InsertSeal(tx, seal)) return absl::AbortedError("another process seals");
    end.number = seal.number;
    end.hash = seal.hash;
    sealed->rows += static_cast<int64_t>(rows.size());
    ++sealed->seals;
    if (seal.last_row < last || last == run.last_row) continue;
    (run.writer < recent ? sealed->more_of_old : sealed->more) = true;
  }
  if (sealed->seals > 0) sealed->last_hash = end.hash;
  sealed->last_number = end.number;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Sealed> SealOpenRows(db::Database& database, bool everything) {
  std::vector<OpenRun> runs;
  RETURN_IF_ERROR(database.ReadOne("access_log_open", [&](db::Tx& tx) {
    runs = OpenRuns(tx, Since(everything));
    return absl::OkStatus();
  }));
  Sealed sealed;
  if (runs.empty()) return sealed;
  RETURN_IF_ERROR(database.Write("access_log_seal", [&](db::Tx& tx) {
    sealed = Sealed();
    return SealRuns(tx, runs, &sealed);
  }));
  return sealed;
}

absl::StatusOr<Sealed> SealAll(db::Database& database, bool everything, int runs,
                               const std::function<bool()>& go_on) {
  Sealed all;
  for (int run = 0; run < runs; ++run) {
    if (run > 0 && !(all.more && go_on())) break;
    const bool sweep = everything && run == 0;
    ASSIGN_OR_RETURN(Sealed sealed, SealOpenRows(database, sweep));
    all.rows += sealed.rows;
    all.seals += sealed.seals;
    all.more = sealed.more;
    all.more_of_old |= sealed.more_of_old;
    if (sealed.seals > 0) {
      all.last_hash = std::move(sealed.last_hash);
      all.last_number = sealed.last_number;
    }
    for (const RowId& row : sealed.missing) {
      if (std::find(all.missing.begin(), all.missing.end(), row) == all.missing.end()) {
        all.missing.push_back(row);
      }
    }
  }
  return all;
}

absl::StatusOr<int64_t> PurgeOlderThan(db::Database& database, absl::Duration kept) {
  int64_t gone = 0, last = 0;
  do {
    RETURN_IF_ERROR(database.Write("access_log_purge", [&](db::Tx& tx) {
      last = PurgeRows(tx, absl::Now() - kept, kPurgeSealsMax);
      return absl::OkStatus();
    }));
    gone += last;
  } while (last > 0);
  return gone;
}

}  // namespace ieum::access_log
