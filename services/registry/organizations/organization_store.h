// The tables `organization`, `organization_claim` and `organization_facts`, and their versions,
// which the database keeps by itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/organizations/organization_rows.h"

namespace ieum::registry {

std::optional<Organization> FindOrganization(db::Tx& tx, const base::Uuid& id);
// Printed names of those of these that exist.
std::map<base::Uuid, std::string> DisplayNames(db::Tx& tx, const std::vector<base::Uuid>& ids);

// What only one organization may have. An external code stays its owner's for ever.
enum class Claim { kBusinessNumber, kExternalCode };
const char* ClaimWord(Claim claim);  // in the table
// False when another organization has the value; nothing was written then. An empty value is
// nobody's and always true.
bool TakeClaim(db::Tx& tx, Claim claim, const std::string& value, const base::Uuid& owner);
void DropClaim(db::Tx& tx, Claim claim, const std::string& value);

// False when there is one with this id; nothing was written then. `version`: of the aggregate, that
// the command's event makes.
bool InsertOrganization(db::Tx& tx, const Organization& organization, int64_t version);
void SaveOrganization(db::Tx& tx, const Organization& organization, int64_t version);

// Adds a record of facts or replaces the one of the same day.
void PutFacts(db::Tx& tx, const base::Uuid& organization, const v1::OrganizationFacts& facts,
              const Writing& writing);
// The record that holds on `day`.
std::optional<v1::OrganizationFacts> FindFacts(db::Tx& tx, const base::Uuid& organization,
                                               absl::CivilDay day);

// An organization as answered: with its version, and the facts of a day.
struct OrganizationView {
  Organization organization;
  int64_t version = 0;  // 0 = not known, of a version of long ago
  std::optional<v1::OrganizationFacts> facts;
};
absl::flat_hash_map<base::Uuid, OrganizationView> FindOrganizationViews(
    db::Tx& tx, const std::vector<base::Uuid>& ids, absl::CivilDay day);

// As it was known at the instant, with the facts of the day as they were known then.
std::optional<OrganizationView> FindOrganizationViewThen(db::Tx& tx, const base::Uuid& id,
                                                         absl::CivilDay day, absl::Time instant);

// The list of organizations with the facts that hold on `day`; the second one as was known at the
// instant.
filter::ListSpec OrganizationList(absl::CivilDay day);
filter::ListSpec OrganizationListThen(absl::CivilDay day, absl::Time instant);
OrganizationView ReadOrganizationView(const db::Row& row);

// The records of facts of all organizations, now or as known at an instant; the door narrows it to
// one.
filter::ListSpec FactsList(std::optional<absl::Time> instant = std::nullopt);
v1::OrganizationFacts ReadFactsRow(const db::Row& row);

}  // namespace ieum::registry
