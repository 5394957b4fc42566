#include "services/reporting/rebuilds/rebuild_commands.h"

#include "absl/time/clock.h"
#include "ieum/reporting/v1/errors.pb.h"
#include "platform/base/status.h"
#include "services/reporting/facts/fact_store.h"
#include "services/reporting/rebuilds/rebuild_store.h"

namespace ieum::reporting {

absl::StatusOr<ledger::Done> StartRebuild(ledger::UnitOfWork& work,
                                          const v1::CreateRebuildRequest& request) {
  const base::Uuid id = request.rebuild_id().empty() ? work.DeriveId("rebuild")
                                                     : *base::Uuid::Parse(request.rebuild_id());
  work.Lock({id});
  const ledger::Done done{id, "rebuilds/" + id.ToString()};
  if (FindRebuild(work.tx(), id)) {
    return base::AlreadyExists("ID_TAKEN", done.name + " exists already; choose another id");
  }
  // Start and end are real time: how long it took is a fact about this machine.
  if (!InsertRebuild(work.tx(), id, request.rebuild().mode(), absl::Now())) {
    return base::Forbidden(v1::ERROR_REASON_REBUILD_RUNNING,
                           "another rebuild is at work; wait for its end (ListRebuilds shows it)");
  }
  ForgetRebuildPositions(work.tx());
  return done;
}

void BeginReading(db::Tx& tx, const std::vector<std::string>& producers) {
  // The positions tell what another process has begun; holding the pointer until commit keeps the
  // generation that is emptied from becoming live.
  const int live = HoldLiveGeneration(tx);
  if (BeginRebuildPositions(tx, producers)) ClearGeneration(tx, 1 - live);
}

absl::Status KeepPiece(db::Tx& tx, const base::Uuid& rebuild, const LogPiece& piece) {
  // What is locked first stands still: neither the end of the rebuild nor another process comes
  // between, so the generation is the one that is not live, and nothing of the piece is in it.
  if (!AddAppliedEvents(tx, rebuild, static_cast<int64_t>(piece.events.size())) ||
      !MoveRebuildPosition(tx, piece.producer, piece.shard, piece.from, piece.to, piece.epoch)) {
    return absl::AbortedError("another process works on this rebuild");
  }
  AddFacts(tx, 1 - HoldLiveGeneration(tx), piece.producer, piece.shard, piece.facts);
  return absl::OkStatus();
}

}  // namespace ieum::reporting
