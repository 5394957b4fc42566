// The rows of rules and their versions.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {

// `version` 0 = the newest.
std::optional<Rule> FindRule(db::Tx& tx, const std::string& code, int version = 0);
// Puts it into force as the newest.
void InsertRuleVersion(db::Tx& tx, const Rule& version);

// A version of a rule. The instant tells two apart of which one vanished with a restored database.
struct RuleKey {
  std::string code;
  int version = 0;
  absl::Time created_at;

  std::weak_ordering operator<=>(const RuleKey&) const = default;
};
struct Listener {
  std::string event_type;
  RuleKey rule;
};
// For each of these types every version of each rule of which some version listens to it, by code
// and version.
std::vector<Listener> ListenersTo(db::Tx& tx, const std::vector<std::string>& event_types);
std::vector<Rule> FindRuleVersions(db::Tx& tx, const std::vector<RuleKey>& versions);
// Newest versions that name the template, as text of the reminder or of the change notice.
std::vector<Rule> RulesNamingTemplate(db::Tx& tx, const std::string& template_code);

const filter::ListSpec& RuleList();
Rule ReadRuleRow(const db::Row& row);

}  // namespace ieum::notify
