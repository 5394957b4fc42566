// Firms with their workplaces, and centres with those that they lead: what may stand below what.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/scope.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

inline constexpr int kTreeLevels = 4;

// Where an organization would come to stand.
struct Place {
  std::optional<Organization> parent;  // nullopt: there is none under the id asked for
  std::vector<base::Uuid> above;       // the parent and all above it
  int levels = 1;                      // of the organization itself and what is below it
};

// Faults of that place, blaming `field`: PARENT_UNKNOWN when there is no active organization,
// ORGANIZATION_KIND unless both are firms or both centres, PARENT_LOOP, PARENT_TOO_DEEP.
absl::Status CheckPlace(const Organization& organization, const Place& place,
                        std::string_view field);

// Where a centre stands decides who sees its rows, so only who acts for the whole suite may say so;
// anybody may for a firm. PERMISSION_DENIED.
absl::Status RequireMayPlace(const base::Scope& scope, const Organization& organization);

}  // namespace ieum::registry
