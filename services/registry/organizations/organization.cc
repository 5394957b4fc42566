#include "services/registry/organizations/organization.h"

#include "ieum/registry/v1/errors.pb.h"
#include "services/registry/organizations/business_number.h"

namespace ieum::registry {

std::string OrganizationName(const base::Uuid& id) { return "organizations/" + id.ToString(); }

std::string CheckBusinessNumber(std::string_view text, std::string_view field,
                                base::FieldErrors* errors) {
  auto digits = NormaliseBusinessNumber(text, field);
  if (digits.ok()) return *std::move(digits);
  errors->Add(digits.status());
  return "";
}

absl::StatusOr<std::optional<base::Uuid>> CentreIn(const std::string& name,
                                                   std::string_view field) {
  if (name.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("organizations/{}", name, field));
  return std::optional(ids[0]);
}

std::optional<base::Uuid> CentreOf(const Organization& organization) {
  if (organization.kind == v1::ORGANIZATION_KIND_FIRM) return std::nullopt;
  return organization.id;
}

absl::Status RequireMayChange(const base::Scope& scope, const Organization& organization) {
  const bool everybodys = organization.kind == v1::ORGANIZATION_KIND_FIRM;
  if (everybodys || scope.Holds(organization.id.ToString())) return absl::OkStatus();
  return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "only its own staff and that of the whole suite may change a body that is no "
                     "firm");
}

absl::Status RequireActive(const Organization& organization) {
  if (organization.active()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ORGANIZATION_INACTIVE,
                         "the organization was deactivated; nothing of it can be changed any more",
                         {{"organization", OrganizationName(organization.id)}});
}

}  // namespace ieum::registry
