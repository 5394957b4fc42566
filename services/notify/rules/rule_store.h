// The rows of rules and their versions.
#pragma once

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

// Every version of each rule of which some version listens to this type, by code and version.
std::vector<Rule> RulesListeningTo(db::Tx& tx, const std::string& event_type);
// Newest versions that name the template, as text of the reminder or of the change notice.
std::vector<Rule> RulesNamingTemplate(db::Tx& tx, const std::string& template_code);

const filter::ListSpec& RuleList();
Rule ReadRuleRow(const db::Row& row);

}  // namespace ieum::notify
