#include "services/registry/organizations/dated_record_commands.h"

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/korea_time.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/organizations/dated_record_store.h"
#include "services/registry/organizations/dated_records.h"
#include "services/registry/organizations/organization_commands.h"
#include "services/registry/organizations/organization_store.h"

namespace ieum::registry {
namespace {

// The organization's own entry shows when something of it was last recorded.
template <class Event>
ledger::Done Recorded(ledger::UnitOfWork& work, Organization organization, Event event) {
  const int64_t version = NextVersion(work, organization.id);
  organization.updated_at = work.now();
  SaveOrganization(work.tx(), organization, version);
  event.set_organization_id(organization.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_kind(organization.kind);
  const std::string name = OrganizationName(organization.id);
  work.Append(organization.id, "organization", name, event);
  return ledger::Done{organization.id, name};
}

}  // namespace

absl::StatusOr<LabelUpdate> PlanLabel(ledger::UnitOfWork& work, const RecordLabelInput& input) {
  LabelUpdate update;
  ASSIGN_OR_RETURN(update.organization, FindForChange(work, input.id, input.etag));
  RETURN_IF_ERROR(RequireHasLabels(update.organization.kind));
  base::FieldErrors errors;
  CheckLabel(input.label, FindLabelKind(work.tx(), input.label.code()), "label", &errors);
  RETURN_IF_ERROR(errors.ToStatus());
  update.before = FindLabel(work.tx(), input.id, input.label.code(), input.label.valid_from());
  update.after = input.label;
  return update;
}

void MakeLabel(ledger::UnitOfWork& work, LabelUpdate update) {
  const base::Uuid& id = update.organization.id;
  PutLabel(work.tx(), id, update.after, {NextVersion(work, id), work.now()});
  v1::OrganizationLabelRecorded event;
  *event.mutable_label() = std::move(update.after);
  Recorded(work, std::move(update.organization), event);
}

absl::StatusOr<ledger::Done> RecordOrganizationLabel(ledger::UnitOfWork& work,
                                                     const RecordLabelInput& input) {
  work.Lock({input.id});
  ASSIGN_OR_RETURN(LabelUpdate update, PlanLabel(work, input));
  const Sensitive sensitive = FindSensitive(work.tx(), CentreOf(update.organization));
  RETURN_IF_ERROR(RequireNoReview(sensitive, {kLabelsField}));
  MakeLabel(work, std::move(update));
  return ledger::Done{input.id, OrganizationName(input.id)};
}

absl::StatusOr<ledger::Done> RecordCouncilTerm(ledger::UnitOfWork& work,
                                               const RecordTermInput& input) {
  work.Lock({input.id});
  ASSIGN_OR_RETURN(const Organization organization, FindForChange(work, input.id, input.etag));
  RETURN_IF_ERROR(RequireHasTerms(organization.kind));
  base::FieldErrors errors;
  CheckTerm(input.term, "term", &errors);
  RETURN_IF_ERROR(errors.ToStatus());
  RETURN_IF_ERROR(CheckNoOverlap(input.term, FindTerms(work.tx(), input.id)));

  PutTerm(work.tx(), input.id, input.term, {NextVersion(work, input.id), work.now()});
  v1::CouncilTermRecorded event;
  *event.mutable_term() = input.term;
  return Recorded(work, organization, event);
}

}  // namespace ieum::registry
