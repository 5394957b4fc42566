#include "services/registry/leads/contact_dues.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "services/registry/leads/lead_commands.h"
#include "services/registry/leads/lead_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepLeads = 20;  // a small piece of work, as the loop asks for

// A lead is signed once in its life, so its id names the day that is due.
absl::Status TellOne(ledger::Ledger& ledger, const base::Uuid& id, absl::CivilDay day) {
  ledger::Command command;
  command.name = "TellContactDue";
  command.request_id = base::Uuid::Derive(id, "contact-due");
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  return ledger
      .Run(command, [&](ledger::UnitOfWork& work) { return TellContactDue(work, id, day); })
      .status();
}

absl::StatusOr<bool> Tell(ledger::Ledger& ledger, absl::Time now) {
  const absl::CivilDay today = base::KoreaDay(now);
  std::vector<base::Uuid> due;
  RETURN_IF_ERROR(ledger.database().ReadOne("leads_due", [&](db::Tx& tx) {
    due = LeadsDue(tx, today, kStepLeads);
    return absl::OkStatus();
  }));
  for (const base::Uuid& id : due) RETURN_IF_ERROR(TellOne(ledger, id, today));
  return due.size() == kStepLeads;
}

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger, absl::Time now) {
  int64_t count = 0;
  RETURN_IF_ERROR(ledger.database().ReadOne("leads_due_count", [&](db::Tx& tx) {
    count = CountLeadsDue(tx, base::KoreaDay(now));
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork ContactDues(ledger::Ledger& ledger) {
  flow::DueWork work;
  work.name = "contact_dues";
  work.step = [&ledger](absl::Time now) { return Tell(ledger, now); };
  work.count_due = [&ledger](absl::Time now) { return Count(ledger, now); };
  return work;
}

}  // namespace ieum::registry
