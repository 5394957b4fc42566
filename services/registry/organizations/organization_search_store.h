// Organizations by a part of their names.
#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "platform/db/tx.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {

// What is searched for when somebody writes `query`: see the function organization_search_form of
// the database, which the index is made with. "" = nothing is left of it.
std::string SearchForm(db::Tx& tx, const std::string& query);

struct NameSearch {
  std::string form;
  bool deactivated_too = false;
  int limit = 0;
  absl::CivilDay day;  // of the facts
};
// The best first.
std::vector<OrganizationView> FindByName(db::Tx& tx, const NameSearch& search);

// How they are looked for, for whoever wants to know the plan: $1 form, $2 deactivated too, $3
// limit, $4 day.
const char* NameSearchSql();

}  // namespace ieum::registry
