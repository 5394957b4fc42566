// Setting of the lists of fields that nobody changes alone.
#include <algorithm>

#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/changes/change_commands.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

// Of a firm nobody keeps anything: its fields are on the list of the suite.
absl::Status RequireKeeper(db::Tx& tx, const std::optional<base::Uuid>& centre) {
  if (!centre) return absl::OkStatus();
  const auto organization = FindOrganization(tx, *centre);
  if (organization && CentreOf(*organization)) return absl::OkStatus();
  return base::InvalidField(v1::ERROR_REASON_CENTRE_UNKNOWN, "centre",
                            "must be a centre, an agency or a council body");
}

}  // namespace

absl::StatusOr<ledger::Done> SetSensitiveFields(ledger::UnitOfWork& work,
                                                const SetSensitiveFieldsInput& input) {
  RETURN_IF_ERROR(CheckSensitive(input.fields));
  SensitiveFieldSet set;
  set.id = SensitiveFieldSetId(input.centre);
  work.Lock({set.id});
  RETURN_IF_ERROR(RequireKeeper(work.tx(), input.centre));
  RETURN_IF_ERROR(work.ExpectEtag(set.id, input.etag));
  set.centre = input.centre;
  set.fields = input.fields;
  std::sort(set.fields.begin(), set.fields.end());
  set.updated_at = work.now();
  set.setter = work.caller().actor;
  const std::string name = SensitiveFieldSetName(set.id);
  const auto before = FindFieldSet(work.tx(), set.id);
  if (before && before->set.fields == set.fields) return ledger::Done{set.id, name};

  PutFieldSet(work.tx(), set);
  v1::SensitiveFieldsSet event;
  event.set_sensitive_field_set_id(set.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_centre_id(base::CentreText(set.centre));
  event.mutable_fields()->Assign(set.fields.begin(), set.fields.end());
  work.Append(set.id, "sensitive_field_set", name, event);
  return ledger::Done{set.id, name};
}

}  // namespace ieum::registry
