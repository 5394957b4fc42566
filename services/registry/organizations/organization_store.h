// The tables `organization`, `organization_claim` and `organization_facts`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

std::optional<Organization> FindOrganization(db::Tx& tx, const base::Uuid& id);
// Printed names of those of these that exist.
std::map<base::Uuid, std::string> DisplayNames(db::Tx& tx, const std::vector<base::Uuid>& ids);

// What only one organization may have. An external code stays its owner's for ever.
enum class Claim { kBusinessNumber, kExternalCode };
// False when another organization has the value; nothing was written then. An empty value is
// nobody's and always true.
bool TakeClaim(db::Tx& tx, Claim claim, const std::string& value, const base::Uuid& owner);
void DropClaim(db::Tx& tx, Claim claim, const std::string& value);

// False when there is one with this id; nothing was written then.
bool InsertOrganization(db::Tx& tx, const Organization& organization);
void SaveOrganization(db::Tx& tx, const Organization& organization);

// Adds a record of facts or replaces the one of the same day.
void PutFacts(db::Tx& tx, const base::Uuid& organization, const v1::OrganizationFacts& facts);
// The record that holds on `day`.
std::optional<v1::OrganizationFacts> FindFacts(db::Tx& tx, const base::Uuid& organization,
                                               absl::CivilDay day);

// An organization as answered: with its version, and the facts of a day.
struct OrganizationView {
  Organization organization;
  int64_t version = 0;
  std::optional<v1::OrganizationFacts> facts;
};
absl::flat_hash_map<base::Uuid, OrganizationView> FindOrganizationViews(
    db::Tx& tx, const std::vector<base::Uuid>& ids, absl::CivilDay day);

// The list of organizations with the facts that hold on `day`.
filter::ListSpec OrganizationList(absl::CivilDay day);
OrganizationView ReadOrganizationView(const db::Row& row);

// The records of facts of all organizations; the door narrows it to one.
const filter::ListSpec& FactsList();
v1::OrganizationFacts ReadFactsRow(const db::Row& row);

}  // namespace ieum::registry
