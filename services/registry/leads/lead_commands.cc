#include "services/registry/leads/lead_commands.h"

#include <algorithm>

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/dates.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/leads/lead_store.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/organizations/centre_commands.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "lead";

template <class Event>
ledger::Done Tell(ledger::UnitOfWork& work, const Lead& lead, Event event) {
  *event.mutable_lead() = LeadFactsOf(lead);
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_centre_id(base::CentreText(lead.centre));
  const std::string name = LeadName(lead.id);
  work.Append(lead.id, kKind, name, event);
  return {lead.id, name};
}

// A firm in business, and whatever else the lead names, in the caller's sight.
absl::Status CheckNamed(ledger::UnitOfWork& work, const RecordLeadInput& input) {
  const auto organization = FindOrganization(work.tx(), input.organization_id);
  if (!organization) return base::NotFound(OrganizationName(input.organization_id));
  if (organization->kind != v1::ORGANIZATION_KIND_FIRM) {
    return base::InvalidField("INVALID_FIELD", "lead.organization", "must be a firm");
  }
  RETURN_IF_ERROR(RequireActive(*organization));
  if (input.contact_person_id && !FindOwner(work.tx(), work.scope(), *input.contact_person_id)) {
    return base::NotFound(PersonName(*input.contact_person_id));
  }
  if (input.source_campaign_id &&
      !FindCampaign(work.tx(), work.scope(), *input.source_campaign_id)) {
    return base::NotFound(CampaignName(*input.source_campaign_id));
  }
  return absl::OkStatus();
}

Lead Begin(ledger::UnitOfWork& work, const RecordLeadInput& input, const base::Uuid& id,
           absl::CivilDay day) {
  Lead lead;
  lead.id = id;
  lead.organization_id = input.organization_id;
  lead.programme = input.lead.programme();
  lead.edition = input.lead.edition();
  lead.task = input.lead.task();
  lead.source_code = input.lead.source_code();
  lead.source = input.lead.source();
  lead.source_campaign_id = input.source_campaign_id;
  if (input.contact_person_id) {
    lead.contact_person_id = StandsFor(work.tx(), *input.contact_person_id);
  }
  lead.created_at = lead.updated_at = work.now();
  LeadStep step;
  step.state = v1::LEAD_STATE_INTEREST;
  step.day = day;
  step.recorded_at = work.now();
  lead.steps = {step};
  return lead;
}

// Locked, with the etag that the caller knows. `also`: what else is locked.
absl::StatusOr<Lead> FindForStep(ledger::UnitOfWork& work, const LeadStepInput& input,
                                 std::vector<base::Uuid> also = {}) {
  also.push_back(input.id);
  work.Lock(std::move(also));
  auto lead = FindLead(work.tx(), work.scope(), input.id);
  if (!lead) return GoneOrUnknown(work.tx(), work.scope(), input.id, LeadName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  return *std::move(lead);
}

LeadStep NewStep(const ledger::UnitOfWork& work, v1::LeadState state, absl::CivilDay day) {
  LeadStep step;
  step.state = state;
  step.day = day;
  step.recorded_at = work.now();
  return step;
}

absl::StatusOr<absl::CivilDay> DayOf(const ledger::UnitOfWork& work, const LeadStepInput& input,
                                     std::string_view field) {
  return ReadPastDate(input.date, field, base::KoreaDay(work.now()));
}

absl::StatusOr<ledger::Done> Lose(ledger::UnitOfWork& work, Lead lead, absl::CivilDay day,
                                  v1::LeadLossReason reason) {
  v1::LeadLost event;
  event.set_previous_state(lead.state());
  LeadStep step = NewStep(work, v1::LEAD_STATE_LOST, day);
  step.loss_reason = reason;
  RETURN_IF_ERROR(Step(&lead, step, "lost_date"));
  SaveLead(work.tx(), work.scope(), lead);
  event.set_lost_date(base::FormatDay(day));
  event.set_reason(reason);
  return Tell(work, lead, std::move(event));
}

}  // namespace

absl::StatusOr<ledger::Done> RecordLead(ledger::UnitOfWork& work, const RecordLeadInput& input) {
  const base::Uuid id = input.id.value_or(work.DeriveId(kKind));
  work.Lock({id, input.organization_id});
  if (work.Version(id) != 0) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN, "a lead with this id exists");
  }
  ASSIGN_OR_RETURN(
      const absl::CivilDay day,
      ReadPastDate(input.lead.interest_date(), "lead.interest_date", base::KoreaDay(work.now())));
  RETURN_IF_ERROR(CheckNamed(work, input));
  Lead lead = Begin(work, input, id, day);
  ASSIGN_OR_RETURN(lead.centre, CentreOfNew(work, input.centre, "lead.centre"));
  if (!InsertLead(work.tx(), lead)) {
    return base::AlreadyExists(
        v1::ERROR_REASON_LEAD_EXISTS,
        "there is an open lead of this firm for this edition of the programme");
  }
  v1::LeadRecorded event;
  event.set_interest_date(base::FormatDay(day));
  return Tell(work, lead, std::move(event));
}

absl::StatusOr<ledger::Done> SignLead(ledger::UnitOfWork& work, const LeadStepInput& input) {
  ASSIGN_OR_RETURN(Lead lead, FindForStep(work, input));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, input, "signed_date"));
  RETURN_IF_ERROR(Step(&lead, NewStep(work, v1::LEAD_STATE_INTENT_SIGNED, day), "signed_date"));
  SaveLead(work.tx(), work.scope(), lead);
  v1::LeadIntentSigned event;
  event.set_signed_date(base::FormatDay(day));
  return Tell(work, lead, std::move(event));
}

absl::StatusOr<ledger::Done> ContactLead(ledger::UnitOfWork& work, const LeadStepInput& input,
                                         v1::LeadContactChannel channel) {
  ASSIGN_OR_RETURN(Lead lead, FindForStep(work, input));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, input, "contacted_date"));
  LeadStep step = NewStep(work, v1::LEAD_STATE_CONTACTED, day);
  step.channel = channel;
  RETURN_IF_ERROR(Step(&lead, step, "contacted_date"));
  SaveLead(work.tx(), work.scope(), lead);
  v1::LeadContacted event;
  event.set_contacted_date(base::FormatDay(day));
  event.set_channel(channel);
  event.set_timely(day <= *lead.contact_due);
  return Tell(work, lead, std::move(event));
}

absl::StatusOr<ledger::Done> LoseLead(ledger::UnitOfWork& work, const LeadStepInput& input,
                                      v1::LeadLossReason reason) {
  ASSIGN_OR_RETURN(Lead lead, FindForStep(work, input));
  ASSIGN_OR_RETURN(const absl::CivilDay day, DayOf(work, input, "lost_date"));
  return Lose(work, std::move(lead), day, reason);
}

absl::Status LoseWithFirm(ledger::UnitOfWork& work, const std::vector<base::Uuid>& leads,
                          absl::CivilDay day, v1::DeactivationReason reason) {
  for (const base::Uuid& id : leads) {
    Lead lead = *FindLead(work.tx(), work.scope(), id);
    const absl::CivilDay lost = std::max(day, lead.steps.back().day);
    RETURN_IF_ERROR(Lose(work, std::move(lead), lost, LossOf(reason)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<ledger::Done> EnrolLead(ledger::UnitOfWork& work, const LeadStepInput& input,
                                       const base::Uuid& campaign_id,
                                       const base::Uuid& enrolment_id) {
  // With the enrolment locked it does not end meanwhile.
  ASSIGN_OR_RETURN(Lead lead, FindForStep(work, input, {enrolment_id}));
  // The enrolment says whose it is; its campaign may be another centre's.
  const auto campaign = FindCampaign(work.tx(), base::Scope::Everywhere(), campaign_id);
  const auto enrolment = FindEnrolment(work.tx(), work.scope(), enrolment_id);
  if (!campaign || !enrolment || enrolment->campaign_id != campaign_id) {
    return base::NotFound(EnrolmentName(campaign_id, enrolment_id));
  }
  // Another day's clock may have contacted it.
  const absl::CivilDay day = std::max(base::KoreaDay(work.now()), lead.steps.back().day);
  RETURN_IF_ERROR(Step(&lead, NewStep(work, v1::LEAD_STATE_ENROLLED, day), "enrolment"));
  RETURN_IF_ERROR(CheckBecame(lead, *enrolment, *campaign));
  lead.campaign_id = campaign_id;
  lead.enrolment_id = enrolment_id;
  SaveLead(work.tx(), work.scope(), lead);
  v1::LeadEnrolled event;
  event.set_enrolled_date(base::FormatDay(day));
  event.set_campaign_id(campaign_id.ToString());
  event.set_enrolment_id(enrolment_id.ToString());
  return Tell(work, lead, std::move(event));
}

absl::StatusOr<ledger::Done> TellContactDue(ledger::UnitOfWork& work, const base::Uuid& id,
                                            absl::CivilDay day) {
  ASSIGN_OR_RETURN(Lead lead, FindForStep(work, {id, "", ""}));
  if (!ContactIsDue(lead, day)) return ledger::Done{id, LeadName(id)};
  lead.due_told_at = work.now();
  lead.updated_at = work.now();
  SaveLead(work.tx(), work.scope(), lead);
  v1::LeadContactDue event;
  event.set_due_date(base::FormatDay(*lead.contact_due));
  return Tell(work, lead, std::move(event));
}

}  // namespace ieum::registry
