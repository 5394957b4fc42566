// An organization as it is answered.
#pragma once

#include "ieum/registry/v1/organization_service.pb.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {

v1::Organization ToWire(const OrganizationView& view);
// Only what is recorded of it, without name, etag, times and facts: what its versions differ in.
v1::Organization RecordedPart(const Organization& organization);

}  // namespace ieum::registry
