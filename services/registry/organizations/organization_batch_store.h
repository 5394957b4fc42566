// The tables of organizations for many of them at once, one statement each: what imports write.
// What may be written is decided as for one.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "platform/db/tx.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/organizations/organization_rows.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {

// Who has each of these values; what nobody has is left out.
std::map<std::string, base::Uuid> FindClaims(db::Tx& tx, Claim claim,
                                             const std::vector<std::string>& values);
// Those of these that exist.
std::map<base::Uuid, Organization> FindOrganizations(db::Tx& tx,
                                                     const std::vector<base::Uuid>& ids);
// Records of facts of these organizations and days, those that there are.
using FactsPlace = std::pair<base::Uuid, absl::CivilDay>;
std::map<FactsPlace, v1::OrganizationFacts> FindFacts(db::Tx& tx,
                                                      const std::vector<FactsPlace>& places);

struct NewOrganization {
  Organization organization;
  int64_t version = 0;  // that its events make
};
// New ones with their claims, all made at `at`. Ends the transaction as a conflict when an id, a
// number or a code was taken meanwhile.
void InsertOrganizations(db::Tx& tx, const std::vector<NewOrganization>& made, absl::Time at);

struct NewFacts {
  FactsPlace place;
  v1::OrganizationFacts facts;
  int64_t version = 0;
};
// Adds records of facts or replaces those of the same days; no two of one place.
void PutFacts(db::Tx& tx, const std::vector<NewFacts>& facts, absl::Time at);

// Says of organizations that something of theirs was written.
void SaveVersions(db::Tx& tx, const std::vector<std::pair<base::Uuid, int64_t>>& versions,
                  absl::Time at);

}  // namespace ieum::registry
