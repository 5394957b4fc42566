#include "services/registry/organizations/organization_wire.h"

#include "platform/base/korea_time.h"
#include "platform/ledger/unit_of_work.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/business_number.h"

namespace ieum::registry {

v1::Organization RecordedPart(const Organization& organization) {
  v1::Organization wire;
  wire.set_kind(organization.kind);
  wire.set_display_name(organization.display_name);
  wire.set_business_registration_number(PrintedBusinessNumber(organization.business_number));
  wire.set_external_code(organization.external_code);
  wire.set_state(organization.state);
  wire.set_deactivation_reason(organization.deactivation_reason);
  if (organization.deactivation_date) {
    wire.set_deactivation_date(base::FormatDay(*organization.deactivation_date));
  }
  if (organization.parent) wire.set_parent(OrganizationName(*organization.parent));
  return wire;
}

v1::Organization ToWire(const OrganizationView& view) {
  v1::Organization wire = RecordedPart(view.organization);
  wire.set_name(OrganizationName(view.organization.id));
  if (view.facts) *wire.mutable_facts() = *view.facts;
  *wire.mutable_create_time() = ToTimestamp(view.organization.created_at);
  *wire.mutable_update_time() = ToTimestamp(view.organization.updated_at);
  if (view.version != 0) wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace ieum::registry
