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

absl::Status RequireActive(const Organization& organization) {
  if (organization.active()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ORGANIZATION_INACTIVE,
                         "the organization was deactivated; nothing of it can be changed any more",
                         {{"organization", OrganizationName(organization.id)}});
}

}  // namespace ieum::registry
