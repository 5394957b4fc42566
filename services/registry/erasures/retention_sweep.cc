#include "services/registry/erasures/retention_sweep.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "platform/db/person_keys.h"
#include "platform/telemetry/log.h"
#include "services/registry/erasures/apart_commands.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/retention_store.h"

namespace ieum::registry {
namespace {

constexpr int kStepPersons = 20;  // a small piece of work, as the loop asks for

struct OverPerson {
  base::Uuid id;
  std::string rule;
  bool held = false;  // kept apart then, not erased
};

struct Found {
  bool swept = true;  // today, before
  std::vector<OverPerson> over;
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
      for (const bool held : {false, true}) {
        for (const base::Uuid& person : PersonsOver(tx, rule, now, held, limit)) {
          found.over.push_back({person, rule.code, held});
        }
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
    for (const OverPerson& person : found.over) {
      if (!left_.insert(person.id).second) continue;
      tried = true;
      const absl::Status ended = EndOne(person, day);
      if (absl::IsUnavailable(ended)) left_.erase(person.id);
      if (absl::IsUnavailable(ended)) return ended;
    }
    if (tried) return true;
    RETURN_IF_ERROR(Finish(day));
    left_.clear();
    return false;
  }

 private:
  absl::Status EndOne(const OverPerson& person, absl::CivilDay day) {
    ledger::Command command;
    command.name = person.held ? "KeepApartByRule" : "EraseByRule";
    command.request_id =
        base::Uuid::Derive(person.id, absl::StrCat(person.held ? "apart/" : "retention/",
                                                   person.rule, "/", base::FormatDay(day)));
    command.request_hash = crypto::Hash(command.name);
    command.caller.actor = "service/" + ledger_.service();
    command.caller.correlation_id = command.request_id.ToString();
    const absl::Status ended =
        ledger_
            .Run(command,
                 [&](ledger::UnitOfWork& work) {
                   return person.held ? KeepApartByRule(work, person.id, person.rule)
                                      : EraseByRule(work, keys_, person.id, person.rule);
                 })
            .status();
    if (!ended.ok()) {
      telemetry::Error("the data of a person whose time is over were not ended",
                       {{"person", person.id.ToString()}, {"rule", person.rule}});
    }
    return ended;
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
  work.irrevocable = true;  // a restored ledger may have lost a hold
  return work;
}

}  // namespace ieum::registry
