#include "services/casemgmt/erasures/forgetting_dues.h"

#include <memory>

#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/telemetry/log.h"
#include "services/casemgmt/erasures/erased_persons_store.h"
#include "services/casemgmt/erasures/forgetting.h"

namespace ieum::casemgmt {
namespace {

constexpr int kPagePersons = 500;
constexpr absl::Duration kLookEvery = absl::Hours(1);

absl::Status ForgetAgain(ledger::Ledger& ledger, const base::Uuid& person) {
  ledger::Command command;
  command.name = "ForgetPersonAgain";
  command.request_id = base::Uuid::NewV7();
  command.request_hash = crypto::Hash(command.name);
  command.caller.actor = "service/" + ledger.service();
  command.caller.correlation_id = command.request_id.ToString();
  const absl::Status forgotten =
      ledger
          .Run(command,
               [&](ledger::UnitOfWork& work) -> absl::StatusOr<ledger::Done> {
                 RETURN_IF_ERROR(ForgetPerson(work, person));
                 return ledger::Done{person, ""};
               })
          .status();
  if (forgotten.ok()) telemetry::Info("what an older release kept of an erased person is gone");
  return forgotten;
}

// Only the loop's thread steps.
class Looking {
 public:
  explicit Looking(ledger::Ledger& ledger) : ledger_(ledger) {}

  absl::StatusOr<bool> Step() {
    const absl::Time now = absl::Now();  // releases change in real time
    if (now < next_) return false;
    ErasedPage page;
    RETURN_IF_ERROR(ledger_.database().ReadOne("erased_persons", [&](db::Tx& tx) {
      page = ErasedPersons(tx, after_, kPagePersons);
      return absl::OkStatus();
    }));
    for (const base::Uuid& person : page.still_named) {
      RETURN_IF_ERROR(ForgetAgain(ledger_, person));
    }
    after_ = page.whole ? page.last : base::Uuid();
    if (!page.whole) next_ = now + kLookEvery;
    return page.whole;
  }

 private:
  ledger::Ledger& ledger_;
  base::Uuid after_;
  absl::Time next_ = absl::InfinitePast();
};

}  // namespace

flow::DueWork ForgettingAgain(ledger::Ledger& ledger) {
  const auto looking = std::make_shared<Looking>(ledger);
  flow::DueWork work;
  work.name = "forgetting_again";
  work.step = [looking](absl::Time) { return looking->Step(); };
  // Nothing waits for it.
  work.count_due = [](absl::Time) -> absl::StatusOr<int64_t> { return 0; };
  return work;
}

}  // namespace ieum::casemgmt
