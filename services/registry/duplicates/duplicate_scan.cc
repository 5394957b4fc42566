#include "services/registry/duplicates/duplicate_scan.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/db/person_keys.h"
#include "services/registry/duplicates/duplicate_commands.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/people/match_keys.h"

namespace ieum::registry {
namespace {

// What a step is about to do.
struct Look {
  std::optional<DuplicateScan> scan;
  std::vector<base::Uuid> stale;  // of the next ones those whose keys older rules made
};

absl::StatusOr<Look> LookAhead(ledger::Ledger& ledger) {
  Look look;
  RETURN_IF_ERROR(ledger.database().Read("duplicate_scan_look", [&](db::Tx& tx) {
    look = Look();
    look.scan = RunningScan(tx);
    if (!look.scan) return absl::OkStatus();
    for (const PersonToScan& person : PersonsBehind(tx, look.scan->last_person, kScanStep)) {
      if (person.match_form < kMatchForm) look.stale.push_back(person.id);
    }
    return absl::OkStatus();
  }));
  return look;
}

// The same step has the same request id, on whichever process.
absl::Status Run(ledger::Ledger& ledger, const DuplicateScan& scan, const char* name,
                 ledger::Ledger::UseCase use_case) {
  ledger::Command command;
  command.name = name;
  command.request_id =
      base::Uuid::Derive(scan.id, absl::StrCat(name, "/", scan.last_person.ToString()));
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = scan.id.ToString();
  command.alone = true;  // it takes longer than what people ask for, which need not wait for it
  return ledger.Run(command, use_case).status();
}

absl::StatusOr<bool> Step(ledger::Ledger& ledger, const db::PersonKeys& keys,
                          const MatchRules& rules) {
  ASSIGN_OR_RETURN(const Look look, LookAhead(ledger));
  if (!look.scan) return false;
  if (!look.stale.empty()) {
    RETURN_IF_ERROR(Run(ledger, *look.scan, "RenewMatchKeys", [&](ledger::UnitOfWork& work) {
      return RenewMatchKeys(work, keys, look.scan->id, look.stale);
    }));
  }
  RETURN_IF_ERROR(Run(ledger, *look.scan, "StepDuplicateScan", [&](ledger::UnitOfWork& work) {
    return StepDuplicateScan(work, keys, rules, *look.scan);
  }));
  return true;
}

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger) {
  int64_t count = 0;
  RETURN_IF_ERROR(ledger.database().ReadOne("duplicate_scan_count", [&](db::Tx& tx) {
    count = RunningScan(tx) ? 1 : 0;
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork DuplicateScanning(ledger::Ledger& ledger, const crypto::Vault& vault,
                                const MatchRules& rules) {
  flow::DueWork work;
  work.name = "duplicate_scan";
  work.step = [&ledger, keys = db::PersonKeys(vault), rules](absl::Time) {
    return Step(ledger, keys, rules);
  };
  work.count_due = [&ledger](absl::Time) { return Count(ledger); };
  return work;
}

}  // namespace ieum::registry
