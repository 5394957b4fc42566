#include "services/registry/organizations/centre_commands.h"

#include "platform/base/chosen_centre.h"
#include "platform/base/status.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

bool HasStaff(v1::OrganizationKind kind) {
  return kind == v1::ORGANIZATION_KIND_CENTRE || kind == v1::ORGANIZATION_KIND_AGENCY;
}

}  // namespace

absl::StatusOr<std::optional<base::Uuid>> CentreOfNew(ledger::UnitOfWork& work,
                                                      const std::optional<base::Uuid>& wanted,
                                                      std::string_view field) {
  ASSIGN_OR_RETURN(const auto centre, base::ChosenCentre(work.scope(), wanted, field));
  if (!centre) return centre;
  const auto organization = FindOrganization(work.tx(), *centre);
  if (organization && HasStaff(organization->kind)) return centre;
  return base::InvalidField("INVALID_FIELD", field, "must be a registered centre or agency");
}

}  // namespace ieum::registry
