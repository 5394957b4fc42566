#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/erasures/erasing.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/retention_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

constexpr char kRun[] = "retention_run";

struct OverPerson {
  base::Uuid id;
  std::string rule;
};

// Whose time is over by any of these rules, each once, by the first one that says so.
std::vector<OverPerson> Over(db::Tx& tx, const std::vector<RetentionRule>& rules, absl::Time now,
                             int limit) {
  std::map<base::Uuid, std::string> over;
  for (const RetentionRule& rule : rules) {
    for (const base::Uuid& person : PersonsOver(tx, rule, now, false, limit)) {
      if (static_cast<int>(over.size()) < limit) over.emplace(person, rule.code);
    }
  }
  std::vector<OverPerson> persons;
  for (const auto& [id, rule] : over) persons.push_back({id, rule});
  return persons;
}

std::vector<base::Uuid> IdsOf(const std::vector<OverPerson>& persons) {
  std::vector<base::Uuid> ids;
  for (const OverPerson& person : persons) ids.push_back(person.id);
  return ids;
}

// Under the locks: what was found before them may have changed since.
bool StillOver(ledger::UnitOfWork& work, const OverPerson& person,
               const std::vector<RetentionRule>& rules) {
  const Obstacles found = FindObstacles(work.tx(), person.id, base::KoreaDay(work.now()));
  if (!ObstaclesFor(v1::ERASURE_REASON_RETENTION, found).empty()) return false;
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const RetentionRule& each) {
    return each.code == person.rule;
  });
  return rule != rules.end() && IsOver(work.tx(), *rule, work.now(), false, person.id);
}

}  // namespace

absl::StatusOr<std::vector<RetentionRule>> RulesNamed(db::Tx& tx,
                                                      const std::vector<std::string>& codes) {
  ASSIGN_OR_RETURN(std::vector<RetentionRule> rules, FindRetentionRules(tx));
  if (codes.empty()) return rules;
  for (const std::string& code : codes) {
    const bool known = std::any_of(rules.begin(), rules.end(),
                                   [&](const RetentionRule& rule) { return rule.code == code; });
    if (!known) {
      return base::InvalidField(v1::ERROR_REASON_RETENTION_RULE_UNKNOWN, "rules",
                                "must be codes of rules that ListRetentionRules answers");
    }
  }
  std::erase_if(rules, [&](const RetentionRule& rule) {
    return std::find(codes.begin(), codes.end(), rule.code) == codes.end();
  });
  return rules;
}

absl::StatusOr<ledger::Done> RunRetention(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const RunRetentionInput& input) {
  ASSIGN_OR_RETURN(const std::vector<RetentionRule> rules, RulesNamed(work.tx(), input.rules));
  const std::vector<OverPerson> persons = Over(work.tx(), rules, work.now(), input.limit);
  RetentionRun run{work.DeriveId(kRun), {}, work.now(), work.caller().actor};
  for (const RetentionRule& rule : rules) run.rules.push_back(rule.code);
  std::vector<base::Uuid> locked = LocksOf(work, IdsOf(persons));
  locked.insert(std::lower_bound(locked.begin(), locked.end(), run.id), run.id);
  work.Lock(locked);
  int erased = 0;
  InsertRun(work.tx(), run);
  for (const OverPerson& person : persons) {
    const auto owner = FindOwner(work.tx(), work.scope(), person.id);
    if (!owner || !StillOver(work, person, rules)) continue;
    EraseLocked(work, keys, person.id, owner->centre,
                {.reason = v1::ERASURE_REASON_RETENTION,
                 .rule = person.rule,
                 .run = run.id,
                 .locked = locked});
    ++erased;
  }
  const std::string name = absl::StrCat("retentionRuns/", run.id.ToString());
  v1::RetentionRunCompleted event;
  event.set_retention_run_id(run.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_erased_count(erased);
  work.Append(run.id, kRun, name, event);
  return ledger::Done{run.id, name};
}

absl::StatusOr<ledger::Done> EraseByRule(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const base::Uuid& person, const std::string& rule) {
  const std::vector<base::Uuid> locked = LocksOf(work, {person});
  work.Lock(locked);
  const ledger::Done done{person, PersonName(person)};
  ASSIGN_OR_RETURN(const std::vector<RetentionRule> rules, RulesNamed(work.tx(), {rule}));
  const auto owner = FindOwner(work.tx(), work.scope(), person);
  if (!owner || !StillOver(work, {person, rule}, rules)) return done;
  EraseLocked(work, keys, person, owner->centre,
              {.reason = v1::ERASURE_REASON_RETENTION, .rule = rule, .locked = locked});
  return done;
}

}  // namespace ieum::registry
