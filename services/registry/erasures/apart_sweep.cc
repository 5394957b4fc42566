#include "services/registry/erasures/apart_sweep.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/db/person_keys.h"
#include "platform/telemetry/log.h"
#include "services/registry/erasures/apart_commands.h"
#include "services/registry/people/apart_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepPersons = 20;  // a small piece of work, as the loop asks for

absl::Status EraseOne(ledger::Ledger& ledger, const db::PersonKeys& keys,
                      const ApartPerson& person) {
  ledger::Command command;
  command.name = "EraseApart";
  // Once for each time that she was kept apart.
  command.request_id =
      base::Uuid::Derive(person.id, absl::StrCat("apart/", absl::ToUnixMicros(person.kept_at)));
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  const absl::Status erased =
      ledger
          .Run(command, [&](ledger::UnitOfWork& work) { return EraseApart(work, keys, person.id); })
          .status();
  if (!erased.ok()) {
    telemetry::Error("a person whom nobody holds any more was not erased",
                     {{"person", person.id.ToString()}});
  }
  return erased;
}

// One who cannot be erased does not keep the others; she is tried again after all of them.
absl::StatusOr<bool> Step(ledger::Ledger& ledger, const db::PersonKeys& keys, absl::Time now,
                          base::Uuid* behind) {
  std::vector<ApartPerson> free;
  RETURN_IF_ERROR(ledger.database().ReadOne("persons_apart_look", [&](db::Tx& tx) {
    free = ApartAndFree(tx, base::KoreaDay(now), *behind, kStepPersons);
    return absl::OkStatus();
  }));
  *behind = free.size() == kStepPersons ? free.back().id : base::Uuid();
  absl::Status first;
  for (const ApartPerson& person : free) first.Update(EraseOne(ledger, keys, person));
  RETURN_IF_ERROR(first);
  return free.size() == kStepPersons;
}

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger, absl::Time now) {
  int64_t count = 0;
  RETURN_IF_ERROR(ledger.database().ReadOne("persons_apart_count", [&](db::Tx& tx) {
    count = CountApartAndFree(tx, base::KoreaDay(now));
    return absl::OkStatus();
  }));
  return count;
}

}  // namespace

flow::DueWork ApartSweep(ledger::Ledger& ledger, const crypto::Vault& vault) {
  flow::DueWork work;
  work.name = "persons_apart";
  work.step = [&ledger, keys = db::PersonKeys(vault), behind = base::Uuid()](
                  absl::Time now) mutable { return Step(ledger, keys, now, &behind); };
  work.count_due = [&ledger](absl::Time now) { return Count(ledger, now); };
  work.irrevocable = true;  // a restored ledger may have lost a hold
  return work;
}

}  // namespace ieum::registry
