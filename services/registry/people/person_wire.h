// A person and an affiliation as they are answered.
#pragma once

#include "ieum/registry/v1/person_service.pb.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {

// `version` 0: not known, no etag.
v1::Person ToWire(const Person& person, int64_t version);
// One who was erased: ids and instants.
v1::Person ToWire(const base::Uuid& id, const Tombstone& tombstone, int64_t version);
v1::Affiliation ToWire(const AffiliationView& view);
// Only what is recorded of it, without name and etag: what its versions differ in.
v1::Affiliation RecordedPart(const Affiliation& affiliation);

}  // namespace ieum::registry
