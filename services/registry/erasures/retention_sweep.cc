#include "services/registry/erasures/retention_sweep.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/db/person_keys.h"
#include "platform/telemetry/log.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/retention_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepPersons = 20;  // a small piece of work, as the loop asks for

struct Found {
  bool swept = true;                                     // today, before
  std::vector<std::pair<base::Uuid, std::string>> over;  // persons and rules
};

absl::StatusOr<Found> Look(ledger::Ledger& ledger, absl::Time now, int limit) {
  Found found;
  RETURN_IF_ERROR(ledger.database().Read("retention_look", [&](db::Tx& tx) -> absl::Status {
    found = Found();
    const auto swept = SweptThrough(tx);
    found.swept = swept && *swept >= base::KoreaDay(now);
    if (found.swept) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<RetentionRule> rules, FindRetentionRules(tx));
    for (const RetentionRule& rule : rules) {
      if (rule.review_required) continue;
      for (const base::Uuid& person : PersonsOver(tx, rule, now, false, limit)) {
        found.over.emplace_back(person, rule.code);
      }
    }
    return absl::OkStatus();
  }));
  return found;
}

// One who cannot be erased does not keep the others, nor the day from being finished: she is tried
// again on the next one.
class Sweep {
 public:
  Sweep(ledger::Ledger& ledger, db::PersonKeys keys) : ledger_(ledger), keys_(keys) {}

  absl::StatusOr<bool> Step(absl::Time now) {
    const int limit = kStepPersons + static_cast<int>(left_.size());
    ASSIGN_OR_RETURN(const Found found, Look(ledger_, now, limit));
    if (found.swept) return false;
    const absl::CivilDay day = base::KoreaDay(now);
    bool tried = false;
    for (const auto& [person, rule] : found.over) {
      if (!left_.insert(person).second) continue;
      tried = true;
      const absl::Status erased = EraseOne(person, rule, day);
      if (absl::IsUnavailable(erased)) left_.erase(person);
      if (absl::IsUnavailable(erased)) return erased;
    }
    if (tried) return true;
    RETURN_IF_ERROR(Finish(day));
    left_.clear();
    return false;
  }

 private:
  absl::Status EraseOne(const base::Uuid& person, const std::string& rule, absl::CivilDay day) {
    ledger::Command command;
    command.name = "EraseByRule";
    command.request_id =
        base::Uuid::Derive(person, absl::StrCat("retention/", rule, "/", base::FormatDay(day)));
    command.request_hash = crypto::Hash(command.name);
    command.caller.actor = "service/" + ledger_.service();
    command.caller.correlation_id = command.request_id.ToString();
    const absl::Status erased =
        ledger_
            .Run(command,
                 [&](ledger::UnitOfWork& work) { return EraseByRule(work, keys_, person, rule); })
            .status();
    if (!erased.ok()) {
      telemetry::Error("a person whose time is over was not erased",
                       {{"person", person.ToString()}, {"rule", rule}});
    }
    return erased;
  }

  absl::Status Finish(absl::CivilDay day) {
    return ledger_.database().Write("retention_sweep", [&](db::Tx& tx) {
      SaveSweptThrough(tx, day);
      return absl::OkStatus();
    });
  }

  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  std::set<base::Uuid> left_;  // tried in this round; only the loop's thread steps
};

absl::StatusOr<int64_t> Count(ledger::Ledger& ledger, absl::Time now) {
  bool swept = false;
  RETURN_IF_ERROR(ledger.database().ReadOne("retention_swept", [&](db::Tx& tx) {
    const auto day = SweptThrough(tx);
    swept = day && *day >= base::KoreaDay(now);
    return absl::OkStatus();
  }));
  return swept ? 0 : 1;
}

}  // namespace

flow::DueWork RetentionSweep(ledger::Ledger& ledger, const crypto::Vault& vault) {
  flow::DueWork work;
  work.name = "retention";
  const auto sweep = std::make_shared<Sweep>(ledger, db::PersonKeys(vault));
  work.step = [sweep](absl::Time now) { return sweep->Step(now); };
  work.count_due = [&ledger](absl::Time now) { return Count(ledger, now); };
  return work;
}

}  // namespace ieum::registry
