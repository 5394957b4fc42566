// The tables `retention_rule`, `retention_run` and `retention_sweep`, and whose time is over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/erasures/retention.h"

namespace ieum::registry {

// All of them, by code.
absl::StatusOr<std::vector<RetentionRule>> FindRetentionRules(db::Tx& tx);
const filter::ListSpec& RetentionRuleList();
absl::StatusOr<RetentionRule> ReadRetentionRule(const db::Row& row);

// Persons of all centres whose time is over by the rule at `now` and with whom nothing else goes
// on, by id, at most `limit`: those whom a legal hold keeps, or the others.
std::vector<base::Uuid> PersonsOver(db::Tx& tx, const RetentionRule& rule, absl::Time now,
                                    bool held, int limit);

// Whether this one is among them.
bool IsOver(db::Tx& tx, const RetentionRule& rule, absl::Time now, bool held,
            const base::Uuid& person);

struct RetentionRun {
  base::Uuid id;
  std::vector<std::string> rules;
  absl::Time run_at;
  std::string runner;
};
void InsertRun(db::Tx& tx, const RetentionRun& run);
std::optional<RetentionRun> FindRun(db::Tx& tx, const base::Uuid& id);

// The day through which rules without a review were applied; nullopt = never.
std::optional<absl::CivilDay> SweptThrough(db::Tx& tx);
void SaveSweptThrough(db::Tx& tx, absl::CivilDay day);

}  // namespace ieum::registry
