// The tables `lead` and `lead_transition`. A lead of a centre that the scope does not hold is as if
// it were not there.
#pragma once

#include <optional>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/leads/lead.h"

namespace ieum::registry {

std::optional<Lead> FindLead(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);

// False when there is one with this id, or the centre has an open one of this firm, programme and
// edition; nothing was written then.
bool InsertLead(db::Tx& tx, const Lead& lead);
// State, days, what it became, and those of its steps that are not yet stored.
void SaveLead(db::Tx& tx, const base::Scope& scope, const Lead& lead);

// Those of a firm that are not final, of whichever centre, by id.
std::vector<base::Uuid> OpenLeadsOf(db::Tx& tx, const base::Uuid& organization);

// Leads whose contact is due on `day` or was before, and nobody has been told; the longest due
// first.
std::vector<base::Uuid> LeadsDue(db::Tx& tx, absl::CivilDay day, int limit);
int64_t CountLeadsDue(db::Tx& tx, absl::CivilDay day);

// A lead as answered; the steps come apart, with AddSteps.
struct LeadView {
  Lead lead;
  int64_t version = 0;
};
const filter::ListSpec& LeadList();
LeadView ReadLeadView(const db::Row& row);
void AddSteps(db::Tx& tx, std::vector<LeadView>* views);

}  // namespace ieum::registry
