// The rows of templates and their versions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/notify/templates/template.h"

namespace ieum::notify {

// `version` 0 = the newest.
std::optional<Template> FindTemplate(db::Tx& tx, const std::string& code, int version = 0);
// Puts it into force as the newest.
void InsertTemplateVersion(db::Tx& tx, const Template& version);
// Newest version of each of these codes.
std::map<std::string, int> NewestTemplateVersions(db::Tx& tx,
                                                  const std::vector<std::string>& codes);

const filter::ListSpec& TemplateList();
Template ReadTemplateRow(const db::Row& row);

}  // namespace ieum::notify
