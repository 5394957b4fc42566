#include "services/casemgmt/cases/case_forget.h"

#include "services/casemgmt/cases/case_commands.h"
#include "services/casemgmt/cases/case_events.h"
#include "services/casemgmt/cases/case_store.h"
#include "services/casemgmt/followups/retention_commands.h"
#include "services/casemgmt/participants/participant_store.h"
#include "services/casemgmt/references/consent_heard.h"

namespace ieum::casemgmt {

std::vector<base::Uuid> CasesTouched(db::Tx& tx, const base::Uuid& person) {
  return CasesOfPerson(tx, person);
}

absl::Status ForgetCasesOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  for (const base::Uuid& id : CasesOfPerson(work.tx(), person)) {
    auto c = FindCase(work.tx(), Reach::Everything(), id);
    if (!c) continue;
    c->person.reset();
    ForgetCase(work.tx(), id);
    AppendToCase(work, *c, EventOf<v1::CaseAnonymised>(*c, work.now()));
    // Nobody can ask her any more; what was due before counts as it stood.
    if (c->state == v1::CASE_STATE_FOLLOW_UP) {
      CancelRetentionChecks(work, *c, v1::RETENTION_CANCEL_REASON_ERASED);
    }
  }
  ForgetConsents(work.tx(), person);
  ForgetParticipants(work.tx(), person);
  return absl::OkStatus();
}

}  // namespace ieum::casemgmt
