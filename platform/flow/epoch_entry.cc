#include "platform/flow/epoch_entry.h"

#include <algorithm>

#include "fmt/format.h"
#include "platform/base/status.h"
#include "platform/flow/check_hash.h"
#include "platform/flow/epoch_store.h"
#include "platform/flow/inbox_store.h"

namespace ieum::flow {
namespace {

constexpr int kEventsAtATime = 1000;

absl::Status Differs(const std::string& producer, int shard) {
  return absl::FailedPreconditionError(
      fmt::format("what was applied here of {}, shard {}, is not what its ledger holds before the "
                  "new epoch; declare it again with the instant of the restore",
                  producer, shard));
}

// One shard of one producer, compared.
class ShardComparison {
 public:
  ShardComparison(const std::string& producer, int shard, const LogReader& reader,
                  const KeptHash& kept)
      : producer_(producer), shard_(shard), reader_(reader), kept_(kept) {}

  // `entry` gets the shard's new cursor and what vanished.
  absl::Status Run(const InboxState::Cursor& cursor, EpochEntry* entry) {
    ASSIGN_OR_RETURN(const auto there, Read(std::max<int64_t>(1, cursor.pos), 1));
    if (there.epoch() != entry->epoch)
      return absl::UnavailableError("the ledger has another epoch");
    InboxState::Cursor& next = entry->cursors[shard_];
    next = cursor;
    next.epoch = entry->epoch;
    if (cursor.epoch == 0 || cursor.epoch == entry->epoch) return absl::OkStatus();
    ASSIGN_OR_RETURN(next.pos, LastKept(cursor, there));
    entry->vanished += cursor.pos - next.pos;
    ASSIGN_OR_RETURN(next.check_hash, HashUpTo(next.pos));
    if (next.pos == cursor.pos) {
      return next.check_hash == cursor.check_hash ? absl::OkStatus() : Differs(producer_, shard_);
    }
    return CheckBlockBefore(next.pos);
  }

 private:
  absl::StatusOr<platform::v1::ReadLogResponse> Read(int64_t from, int max_events) {
    if (!reader_) return absl::UnavailableError("the producer's ledger cannot be read");
    return reader_(producer_, shard_, from, max_events);
  }

  absl::StatusOr<int64_t> LastKept(const InboxState::Cursor& cursor,
                                   const platform::v1::ReadLogResponse& there) {
    int64_t kept = std::min(cursor.pos, there.last_position());
    int64_t told = 0;
    for (const auto& start : there.epoch_starts()) {
      if (start.epoch() <= cursor.epoch) continue;
      kept = std::min(kept, start.kept_position());
      ++told;
    }
    if (told == there.epoch() - cursor.epoch) return kept;
    return absl::FailedPreconditionError("the producer does not tell how its new epoch began");
  }

  // XOR over the ledger's events behind `from` up to `to`.
  absl::StatusOr<uint64_t> HashOf(int64_t from, int64_t to) {
    uint64_t hash = 0;
    while (from < to) {
      ASSIGN_OR_RETURN(
          const auto run,
          Read(from + 1, static_cast<int>(std::min<int64_t>(to - from, kEventsAtATime))));
      if (run.events().empty())
        return absl::UnavailableError("the ledger ends before its last event");
      for (const auto& event : run.events()) {
        if (event.position() > to) break;
        hash ^= EventHash(event);
        from = event.position();
      }
    }
    return hash;
  }

  // The running hash of what is in the ledger, from the last one that was kept here.
  absl::StatusOr<uint64_t> HashUpTo(int64_t pos) {
    const int64_t block = pos / kCheckEvery * kCheckEvery;
    ASSIGN_OR_RETURN(const auto kept, KeptAt(block));
    ASSIGN_OR_RETURN(const uint64_t rest, HashOf(kept ? block : 0, pos));
    return kept.value_or(0) ^ rest;
  }

  absl::Status CheckBlockBefore(int64_t pos) {
    const int64_t end = pos / kCheckEvery * kCheckEvery;
    if (end == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto at_end, KeptAt(end));
    ASSIGN_OR_RETURN(const auto at_begin, KeptAt(end - kCheckEvery));
    if (!at_end || !at_begin) return absl::OkStatus();
    ASSIGN_OR_RETURN(const uint64_t block, HashOf(end - kCheckEvery, end));
    return (*at_end ^ *at_begin) == block ? absl::OkStatus() : Differs(producer_, shard_);
  }

  absl::StatusOr<std::optional<uint64_t>> KeptAt(int64_t pos) {
    if (pos == 0) return std::optional<uint64_t>(0);
    return kept_(shard_, pos);
  }

  const std::string& producer_;
  const int shard_;
  const LogReader& reader_;
  const KeptHash& kept_;
};

}  // namespace

absl::StatusOr<EpochEntry> CompareWithLedger(const std::string& producer, const InboxState& state,
                                             int64_t epoch, const LogReader& reader,
                                             const KeptHash& kept) {
  EpochEntry entry;
  if (!reader) return absl::UnavailableError("the producer's ledger cannot be read");
  ASSIGN_OR_RETURN(const auto there, reader(producer, 0, 1, 1));
  if (there.epoch() < epoch) {
    return absl::UnavailableError("the ledger itself knows nothing of that epoch");
  }
  entry.epoch = there.epoch();
  for (int shard = 0; shard < kShards; ++shard) {
    RETURN_IF_ERROR(
        ShardComparison(producer, shard, reader, kept).Run(state.cursors[shard], &entry));
  }
  return entry;
}

absl::StatusOr<EpochEntry> EnterNewEpoch(db::Database& database, const std::string& producer,
                                         int64_t epoch, const LogReader& reader, const Undo& undo) {
  ASSIGN_OR_RETURN(const InboxState state, LoadInbox(database, producer));
  ASSIGN_OR_RETURN(const EpochEntry entry,
                   CompareWithLedger(producer, state, epoch, reader, [&](int shard, int64_t pos) {
                     return LoadCheckHash(database, producer, shard, pos);
                   }));
  RETURN_IF_ERROR(database.Write("enter_epoch", [&](db::Tx& tx) -> absl::Status {
    if (!EnterEpoch(tx, producer, state, entry)) {
      return absl::AbortedError("a cursor stands elsewhere");
    }
    if (entry.vanished == 0) return absl::OkStatus();
    Rewind rewind{producer, entry.epoch, {}};
    for (int shard = 0; shard < kShards; ++shard) rewind.kept[shard] = entry.cursors[shard].pos;
    DropVanishedLetters(tx, rewind);
    return undo ? undo(tx, rewind) : absl::OkStatus();
  }));
  return entry;
}

}  // namespace ieum::flow
