#include "services/registry/people/person_wire.h"

#include "platform/base/korea_time.h"
#include "platform/ledger/unit_of_work.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {

v1::Person ToWire(const Person& person, int64_t version) {
  v1::Person wire = PersonalOf(person);
  wire.set_name(PersonName(person.id));
  wire.set_phone_e164(person.phone.e164);
  *wire.mutable_create_time() = ToTimestamp(person.created_at);
  *wire.mutable_update_time() = ToTimestamp(person.updated_at);
  if (person.centre) wire.set_centre(OrganizationName(*person.centre));
  wire.set_state(v1::PERSON_STATE_ACTIVE);
  if (version != 0) wire.set_etag(ledger::FormatEtag(version));
  return wire;
}

v1::Person ToWire(const base::Uuid& id, const Tombstone& tombstone, int64_t version) {
  v1::Person wire;
  wire.set_name(PersonName(id));
  *wire.mutable_create_time() = ToTimestamp(tombstone.created_at);
  *wire.mutable_update_time() = ToTimestamp(tombstone.erased_at);
  *wire.mutable_erase_time() = ToTimestamp(tombstone.erased_at);
  wire.set_state(v1::PERSON_STATE_ERASED);
  if (tombstone.centre) wire.set_centre(OrganizationName(*tombstone.centre));
  wire.set_etag(ledger::FormatEtag(version));
  return wire;
}

v1::Affiliation RecordedPart(const Affiliation& affiliation) {
  v1::Affiliation wire;
  wire.set_organization(OrganizationName(affiliation.organization_id));
  wire.set_role(affiliation.role);
  wire.set_start_date(base::FormatDay(affiliation.start_date));
  if (affiliation.end_date) wire.set_end_date(base::FormatDay(*affiliation.end_date));
  return wire;
}

v1::Affiliation ToWire(const AffiliationView& view) {
  v1::Affiliation wire = RecordedPart(view.affiliation);
  wire.set_name(AffiliationName(view.affiliation.person_id, view.affiliation.id));
  if (view.version != 0) wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace ieum::registry
