#include "services/reporting/rebuilds/rebuild_commands.h"

#include "absl/time/clock.h"
#include "ieum/reporting/v1/errors.pb.h"
#include "platform/base/status.h"
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

}  // namespace ieum::reporting
