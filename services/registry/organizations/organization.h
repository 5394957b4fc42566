// An organization's own data, and what may be done with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/scope.h"
#include "platform/base/status.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

struct Organization {
  base::Uuid id;
  v1::OrganizationKind kind = v1::ORGANIZATION_KIND_UNSPECIFIED;
  std::string display_name;
  std::string business_number;  // ten digits
  std::string external_code;    // "" = none
  v1::OrganizationState state = v1::ORGANIZATION_STATE_ACTIVE;
  v1::DeactivationReason deactivation_reason = v1::DEACTIVATION_REASON_UNSPECIFIED;
  std::optional<absl::CivilDay> deactivation_date;
  absl::Time created_at;
  absl::Time updated_at;
  std::optional<base::Uuid> parent;  // the firm or centre that it is a part of

  bool active() const { return state == v1::ORGANIZATION_STATE_ACTIVE; }
};

// "organizations/{uuid}".
std::string OrganizationName(const base::Uuid& id);

// Ten digits, or faults in `errors`.
std::string CheckBusinessNumber(std::string_view text, std::string_view field,
                                base::FieldErrors* errors);

// The centre that a resource names; nullopt for "". INVALID_ARGUMENT blaming `field`.
absl::StatusOr<std::optional<base::Uuid>> CentreIn(const std::string& name, std::string_view field);

// Whose own it is: nobody's (nullopt) of a firm, which is everybody's, else itself.
std::optional<base::Uuid> CentreOf(const Organization& organization);

// Firms are everybody's to keep right; a centre, an agency or a council body is its own staff's and
// the whole suite's. PERMISSION_DENIED.
absl::Status RequireMayChange(const base::Scope& scope, const Organization& organization);

// FAILED_PRECONDITION (ORGANIZATION_INACTIVE) for a deactivated one.
absl::Status RequireActive(const Organization& organization);

}  // namespace ieum::registry
