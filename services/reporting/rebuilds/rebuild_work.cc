#include "services/reporting/rebuilds/rebuild_work.h"

#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "ieum/reporting/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/rebuilds/rebuild.h"
#include "services/reporting/rebuilds/rebuild_commands.h"
#include "services/reporting/rebuilds/rebuild_store.h"

namespace ieum::reporting {
namespace {

constexpr int kRunsWhileHeldMax = 64;  // with writers held back: one for each shard and more
constexpr char kProjection[] = "fact";

// The new generation stands exactly where the live one stood; the consumer goes on from there.
void TakeOver(db::Tx& tx, int made, const std::vector<v1::ProducerPosition>& up_to) {
  for (const v1::ProducerPosition& producer : up_to) {
    for (int shard = 0; shard < producer.positions_size(); ++shard) {
      DeleteFactsBehind(tx, made, producer.producer(), shard, producer.positions(shard));
    }
  }
}

std::map<std::string, int64_t> EpochsOf(const std::vector<v1::ProducerPosition>& applied) {
  std::map<std::string, int64_t> epochs;
  for (const v1::ProducerPosition& producer : applied) {
    epochs[producer.producer()] = producer.epoch();
  }
  return epochs;
}

void AppendRebuilt(ledger::UnitOfWork& work, const base::Uuid& id, const v1::Rebuild& result) {
  work.Lock({id});
  v1::ProjectionsRebuilt event;
  event.set_rebuild_id(id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_swapped(result.swapped());
  event.set_equal(result.equal());
  work.Append(id, "rebuild", "rebuilds/" + id.ToString(), event);
}

}  // namespace

struct RebuildWork::Running {
  base::Uuid id;
  v1::RebuildMode mode;
  std::vector<v1::ProducerPosition> positions;  // empty: not begun
};

// What was compared so far. Rows at positions that the consumers have passed do not change any
// more, so runs can be compared one by one while new rows come in behind them.
struct RebuildWork::Comparison {
  base::Uuid rebuild;
  int live = 0;                           // generation
  std::map<std::string, int64_t> epochs;  // of the ledgers: a restored one may differ behind us
  Compared compared;
  FactsHash live_hash, made_hash;
  std::string first_difference;

  bool IsOfTheSameAs(const Comparison& other) const {
    return rebuild == other.rebuild && live == other.live && epochs == other.epochs;
  }

  void Compare(db::Tx& tx, const FactsRun& run) {
    const auto hashes = HashGenerations(tx, run);
    const FactsHash& in_use = hashes.at(static_cast<size_t>(live));
    const FactsHash& made = hashes.at(static_cast<size_t>(1 - live));
    if (!(in_use == made) && first_difference.empty()) {
      first_difference = FirstDifference(tx, live, 1 - live, run);
    }
    live_hash += in_use;
    made_hash += made;
    compared[{run.producer, run.shard}] = run.up_to;
  }

  v1::TableComparison Table() const {
    v1::TableComparison table;
    table.set_projection(kProjection);
    table.set_live_rows(live_hash.rows);
    table.set_rebuilt_rows(made_hash.rows);
    table.set_live_hash(absl::StrFormat("%d", live_hash.hash));
    table.set_rebuilt_hash(absl::StrFormat("%d", made_hash.hash));
    table.set_first_difference(first_difference);
    return table;
  }
};

RebuildWork::RebuildWork(ledger::Ledger& ledger, flow::LogReader log_reader,
                         std::vector<std::string> producers, int64_t run_positions_max)
    : ledger_(ledger),
      log_reader_(std::move(log_reader)),
      producers_(std::move(producers)),
      run_positions_max_(run_positions_max) {}

RebuildWork::~RebuildWork() = default;

flow::DueWork RebuildWork::AsDueWork() {
  flow::DueWork work;
  work.name = "rebuilds";
  work.step = [this](absl::Time) { return Step(); };
  work.count_due = [this](absl::Time) -> absl::StatusOr<int64_t> {
    int64_t running = 0;
    RETURN_IF_ERROR(ledger_.database().Read("rebuild_due", [&](db::Tx& tx) {
      running = FindRunningRebuild(tx) ? 1 : 0;
      return absl::OkStatus();
    }));
    return running;
  };
  return work;
}

absl::StatusOr<bool> RebuildWork::Step() {
  std::optional<Running> running;
  RETURN_IF_ERROR(ledger_.database().Read("rebuild_running", [&](db::Tx& tx) -> absl::Status {
    const std::optional<v1::Rebuild> found = FindRunningRebuild(tx);
    if (!found) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto ids, base::IdsIn("rebuilds/{}", found->name(), "name"));
    running = Running{ids[0], found->mode(), RebuildPositions(tx)};
    return absl::OkStatus();
  }));
  if (!running) {
    ahead_.reset();
    return false;
  }
  if (running->positions.empty()) {
    RETURN_IF_ERROR(Begin());
    return true;
  }
  ASSIGN_OR_RETURN(const bool read, ReadPiece(*running));
  if (read) return true;
  ASSIGN_OR_RETURN(const bool more, CompareRun(*running));
  if (more) return true;
  return End(*running);
}

absl::Status RebuildWork::Begin() {
  ahead_.reset();
  read_to_end_ = false;
  comparison_.reset();
  return ledger_.database().Write("rebuild_begin", [&](db::Tx& tx) {
    BeginReading(tx, producers_);
    return absl::OkStatus();
  });
}

// True when a piece was read; false when every shard is at its end.
absl::StatusOr<bool> RebuildWork::ReadPiece(const Running& running) {
  if (read_to_end_) return false;
  if (!ahead_) ahead_ = std::make_unique<LogAhead>(log_reader_, running.positions);
  auto piece = ahead_->Next();
  if (!piece.ok() || *piece == nullptr) ahead_.reset();
  RETURN_IF_ERROR(piece.status());
  if (*piece == nullptr) {
    RETURN_IF_ERROR(Flush(running));
    read_to_end_ = true;
    return false;
  }
  const absl::Status kept = ledger_.database().WriteRelaxed(
      "rebuild_piece", [&](db::Tx& tx) { return KeepPiece(tx, running.id, **piece); });
  if (!kept.ok()) ahead_.reset();  // it is read again, from where the positions say
  RETURN_IF_ERROR(kept);
  return true;
}

// A commit that waits for the disk takes along all that were before it.
absl::Status RebuildWork::Flush(const Running& running) {
  return ledger_.database().Write("rebuild_read", [&](db::Tx& tx) -> absl::Status {
    if (AddAppliedEvents(tx, running.id, 0)) return absl::OkStatus();
    return absl::AbortedError("another process works on this rebuild");
  });
}

// Compares one run, without a lock; true when there is more to compare, or to read.
absl::StatusOr<bool> RebuildWork::CompareRun(const Running& running) {
  Comparison comparison;
  bool behind = false, more = false;
  RETURN_IF_ERROR(ledger_.database().Read("rebuild_compare", [&](db::Tx& tx) {
    const std::vector<v1::ProducerPosition> applied = AppliedPositions(tx);
    comparison =
        Comparison{.rebuild = running.id, .live = LiveGeneration(tx), .epochs = EpochsOf(applied)};
    if (comparison_ && comparison_->IsOfTheSameAs(comparison)) comparison = *comparison_;
    behind = !ReadAsFar(RebuildPositions(tx), applied);
    if (behind) return absl::OkStatus();
    const auto run = NextRun(comparison.compared, applied, run_positions_max_);
    more = run.has_value();
    if (run) comparison.Compare(tx, *run);
    return absl::OkStatus();
  }));
  comparison_ = std::make_unique<Comparison>(std::move(comparison));
  if (behind) read_to_end_ = false;  // the live facts went on meanwhile
  return behind || more;
}

// True when the live facts went on meanwhile and there is more to read or to compare.
absl::StatusOr<bool> RebuildWork::End(const Running& running) {
  read_to_end_ = false;
  bool ahead = false;
  const absl::Status ended =
      ledger_.database().Write("rebuild_end", [&](db::Tx& tx) -> absl::Status {
        const auto present = LockRunningRebuild(tx);
        ahead = !present || present->name() != "rebuilds/" + running.id.ToString();
        if (ahead) return absl::OkStatus();
        Comparison comparison = *comparison_;
        if (running.mode == v1::REBUILD_MODE_SWAP) {
          ahead = !Swap(tx, &comparison);
          if (ahead) return absl::AbortedError("the live facts are ahead");  // undoes the switch
        }
        return Conclude(tx, running, comparison);
      });
  if (ahead) return true;
  RETURN_IF_ERROR(ended);
  comparison_.reset();
  ledger_.Committed();
  return false;
}

// Waits for writers of the live facts and keeps new ones out until we commit; so only what they
// wrote since the last comparison is compared here. False when that is not little, or not yet read.
bool RebuildWork::Swap(db::Tx& tx, Comparison* comparison) {
  if (LiveGeneration(tx) != comparison->live) return false;
  SwitchLiveGeneration(tx, 1 - comparison->live);
  const std::vector<v1::ProducerPosition> applied = AppliedPositions(tx);
  if (EpochsOf(applied) != comparison->epochs) return false;
  if (!ReadAsFar(RebuildPositions(tx), applied)) return false;
  for (int runs = 0; const auto run = NextRun(comparison->compared, applied, run_positions_max_);
       ++runs) {
    if (runs == kRunsWhileHeldMax) return false;
    comparison->Compare(tx, *run);
  }
  TakeOver(tx, 1 - comparison->live, applied);
  return true;
}

absl::Status RebuildWork::Conclude(db::Tx& tx, const Running& running,
                                   const Comparison& comparison) {
  v1::Rebuild result;
  *result.add_tables() = comparison.Table();
  result.set_equal(AllEqual(result));
  result.set_swapped(running.mode == v1::REBUILD_MODE_SWAP);
  result.set_state(v1::REBUILD_STATE_DONE);
  FinishRebuild(tx, running.id, result, absl::Now());
  ForgetRebuildPositions(tx);
  ledger::Caller caller;
  caller.actor = "service/" + ledger_.service();
  caller.correlation_id = running.id.ToString();
  return ledger_.RunWithin(
      tx, caller, running.id,
      [&](ledger::UnitOfWork& work) {
        AppendRebuilt(work, running.id, result);
        return absl::OkStatus();
      },
      nullptr);
}

}  // namespace ieum::reporting
