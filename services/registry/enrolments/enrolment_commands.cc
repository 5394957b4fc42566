#include "services/registry/enrolments/enrolment_commands.h"

#include <algorithm>

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/campaigns/campaign_store.h"
#include "services/registry/dates.h"
#include "services/registry/enrolments/eligibility.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/enrolments/seating.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/employment.h"
#include "services/registry/people/employment_store.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/guardianship.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

// An enrolment decides for itself whose it is: its campaign may be another centre's (moves/).
base::Scope Everybody() { return base::Scope::Everywhere(); }

// An enrolment that exists, behind its campaign's gate, with those who may be promoted locked too.
struct Found {
  Campaign campaign;
  Enrolment enrolment;
  std::vector<base::Uuid> next;
};

absl::StatusOr<Found> FindForStep(ledger::UnitOfWork& work, const base::Uuid& campaign_id,
                                  const base::Uuid& id, bool promotes) {
  db::Tx& tx = work.tx();
  EnterGates(tx, Everybody(), {campaign_id});
  const std::string name = EnrolmentName(campaign_id, id);
  auto enrolment = FindEnrolment(tx, work.scope(), id);
  if (!enrolment) return GoneOrUnknown(tx, work.scope(), id, name);
  auto campaign = FindCampaign(tx, Everybody(), campaign_id);
  if (!campaign || enrolment->campaign_id != campaign_id) return base::NotFound(name);
  Found found{*std::move(campaign), *std::move(enrolment), {}};
  if (promotes) found.next = FirstInLine(tx, campaign_id, 1, {id});
  std::vector<base::Uuid> locked = found.next;
  locked.push_back(campaign_id);
  locked.push_back(id);
  work.Lock(std::move(locked));
  return found;
}

// `end` gives up a seat or a place in the line; what becomes free goes to the next.
template <class End>
absl::Status GiveUp(ledger::UnitOfWork& work, Found found, End end) {
  Seating seating(work, std::move(found.campaign));
  RETURN_IF_ERROR(end(seating, &found.enrolment));
  seating.Promote(FindEnrolments(work.tx(), Everybody(), found.next));
  seating.Save();
  return absl::OkStatus();
}

absl::Status Withdraw(ledger::UnitOfWork& work, Found found, v1::WithdrawalReason reason,
                      absl::CivilDay day) {
  return GiveUp(work, std::move(found), [&](Seating& seating, Enrolment* enrolment) {
    return seating.Withdraw(enrolment, reason, day);
  });
}

// A step that neither takes nor gives a seat.
template <class Event, class SetDate>
absl::StatusOr<ledger::Done> PlainStep(ledger::UnitOfWork& work, const EnrolmentStepInput& input,
                                       v1::EnrolmentState to, const char* field, SetDate set_date) {
  ASSIGN_OR_RETURN(Found found, FindForStep(work, input.campaign_id, input.id, false));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  const absl::CivilDay today = base::KoreaDay(work.now());
  ASSIGN_OR_RETURN(const absl::CivilDay day, ReadPastDate(input.date, field, today));
  EnrolmentStep step;
  step.state = to;
  step.day = day;
  step.recorded_at = work.now();
  RETURN_IF_ERROR(Step(&found.enrolment, step, field));
  PutEnrolment(work.tx(), work.scope(), found.enrolment);
  Event event;
  *event.mutable_enrolment() = EnrolmentFactsOf(found.enrolment, found.campaign);
  event.set_event_date(base::FormatDay(today));
  set_date(&event, base::FormatDay(day));
  const std::string name = EnrolmentName(input.campaign_id, input.id);
  work.Append(input.id, kEnrolmentKind, name, event);
  return ledger::Done{input.id, name};
}

// Someone who asks, with all that the verdict looks at. Behind the gate, and locked.
struct Asking {
  Campaign campaign;
  std::optional<Organization> organization;  // of a person, her employer
  Enrolment enrolment;
  absl::Time first, last;  // when it was handed in
};

// Enters the gate, locks and loads. NOT_FOUND for an unknown campaign.
absl::StatusOr<Asking> BeginToAsk(ledger::UnitOfWork& work, Enrolment enrolment) {
  db::Tx& tx = work.tx();
  EnterGates(tx, work.scope(), {enrolment.campaign_id});
  auto campaign = FindCampaign(tx, work.scope(), enrolment.campaign_id);
  if (!campaign) return base::NotFound(CampaignName(enrolment.campaign_id));
  work.Lock({enrolment.campaign_id,
             enrolment.person_id.value_or(enrolment.organization_id.value_or(base::Uuid())),
             enrolment.id});
  if (enrolment.person_id) {
    enrolment.employer_id =
        EmployerOn(EmploymentsOf(tx, *enrolment.person_id), enrolment.applied_date);
  }
  const auto organization_id =
      enrolment.person_id ? enrolment.employer_id : enrolment.organization_id;
  Asking asking{*std::move(campaign),
                organization_id ? FindOrganization(tx, *organization_id) : std::nullopt,
                std::move(enrolment), work.now(), work.now()};
  return asking;
}

// `withdrawn`: the day on which it had been taken back before it was heard of.
absl::Status Conclude(ledger::UnitOfWork& work, Asking asking,
                      std::optional<absl::CivilDay> withdrawn) {
  Enrolment& enrolment = asking.enrolment;
  db::Tx& tx = work.tx();
  if (asking.organization) {
    if (!enrolment.person_id) enrolment.organization_kind = asking.organization->kind;
    enrolment.facts = FindFacts(tx, asking.organization->id, enrolment.applied_date);
  }
  Request request;
  request.campaign = &asking.campaign;
  request.organization = asking.organization ? &*asking.organization : nullptr;
  request.first = asking.first;
  request.last = asking.last;
  request.already_enrolled = IsEnrolled(tx, enrolment);
  if (enrolment.person_id) request.participant = v1::PARTICIPANT_KIND_PERSON;
  enrolment.evidence = EvidenceOf(request);

  Seating seating(work, asking.campaign);
  seating.Ask(&enrolment);
  if (withdrawn) {
    RETURN_IF_ERROR(seating.Withdraw(&enrolment, v1::WITHDRAWAL_REASON_FORM_WITHDRAWN,
                                     std::max(*withdrawn, enrolment.applied_date)));
  } else {
    seating.Judge(&enrolment);
  }
  seating.Save();
  return absl::OkStatus();
}

// Who asks is there; a child comes with who answers for her.
absl::Status CheckParticipant(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                              const Asking& asking) {
  const Enrolment& enrolment = asking.enrolment;
  if (!enrolment.person_id) {
    if (asking.organization) return absl::OkStatus();
    return base::NotFound(OrganizationName(*enrolment.organization_id));
  }
  ASSIGN_OR_RETURN(const Person person,
                   FindPerson(work.tx(), work.scope(), keys, *enrolment.person_id));
  if (person.merged_into) RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), person.id));
  return RequireGuardian(person, enrolment.applied_date, "enrolment.person");
}

absl::Status CheckEntry(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                        const Asking& asking) {
  const Enrolment& enrolment = asking.enrolment;
  RETURN_IF_ERROR(CheckParticipant(work, keys, asking));
  if (enrolment.contact_person_id &&
      !FindOwner(work.tx(), work.scope(), *enrolment.contact_person_id)) {
    return base::NotFound(PersonName(*enrolment.contact_person_id));
  }
  if (enrolment.contact_person_id) {
    RETURN_IF_ERROR(RequireNotErased(work.tx(), *enrolment.contact_person_id));
  }
  if (work.Version(enrolment.id) != 0) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "an enrolment with this id exists");
  }
  if (asking.campaign.admission == v1::ADMISSION_MODE_RULES) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_ADMISSION_NOT_BY_RULES,
                         "the campaign does not admit by rules of its own; it has no enrolments",
                         {{"campaign", CampaignName(asking.campaign.id)}});
}

}  // namespace

absl::StatusOr<ledger::Done> EnterEnrolment(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const EnterEnrolmentInput& input) {
  const absl::CivilDay today = base::KoreaDay(work.now());
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   ReadPastDate(input.applied_date, "enrolment.applied_date", today));
  Enrolment enrolment;
  enrolment.id = input.id.value_or(work.DeriveId(kEnrolmentKind));
  enrolment.campaign_id = input.campaign_id;
  enrolment.organization_id = input.organization_id;
  enrolment.person_id = input.person_id;
  enrolment.contact_person_id = input.contact_person_id;
  enrolment.applied_date = day;
  ASSIGN_OR_RETURN(Asking asking, BeginToAsk(work, std::move(enrolment)));
  RETURN_IF_ERROR(CheckEntry(work, keys, asking));
  if (day < today) {
    // Only the day is known: any instant of it will do.
    asking.first = base::KoreaInstant(day, 0);
    asking.last = base::KoreaInstant(day + 1, 0) - absl::Microseconds(1);
  }
  const ledger::Done done{asking.enrolment.id,
                          EnrolmentName(input.campaign_id, asking.enrolment.id)};
  RETURN_IF_ERROR(Conclude(work, std::move(asking), std::nullopt));
  return done;
}

absl::Status ReceiveApplication(ledger::UnitOfWork& work, const ReceiveApplicationInput& input) {
  Enrolment enrolment;
  // One form, one enrolment, whoever tells of it how often.
  enrolment.id = base::Uuid::Derive(input.application_id, kEnrolmentKind);
  enrolment.campaign_id = input.campaign_id;
  enrolment.organization_id = input.organization_id;
  enrolment.application_id = input.application_id;
  enrolment.engagement_id = input.engagement_id;
  enrolment.contact_person_id = input.contact_person_id;
  enrolment.consultant_person_id = input.consultant_person_id;
  enrolment.applied_date = input.received_date;
  ASSIGN_OR_RETURN(Asking asking, BeginToAsk(work, std::move(enrolment)));
  if (work.Version(asking.enrolment.id) != 0) return absl::OkStatus();
  if (asking.campaign.admission != v1::ADMISSION_MODE_RULES) return absl::OkStatus();
  asking.first = asking.last = input.submitted_at;
  return Conclude(work, std::move(asking),
                  FindWithdrawnApplication(work.tx(), input.application_id));
}

absl::Status WithdrawApplication(ledger::UnitOfWork& work, const base::Uuid& application_id,
                                 absl::CivilDay withdrawn_date) {
  const auto place = FindByApplication(work.tx(), application_id);
  if (!place) {
    KeepWithdrawnApplication(work.tx(), application_id, withdrawn_date, work.now());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Found found, FindForStep(work, place->campaign_id, place->id, true));
  if (!MayFollow(found.enrolment.state(), v1::ENROLMENT_STATE_WITHDRAWN)) return absl::OkStatus();
  // The verdict may have been given on a later day than the form was taken back.
  const absl::CivilDay day = std::max(withdrawn_date, found.enrolment.steps.back().day);
  return Withdraw(work, std::move(found), v1::WITHDRAWAL_REASON_FORM_WITHDRAWN, day);
}

absl::StatusOr<ledger::Done> ActivateEnrolment(ledger::UnitOfWork& work,
                                               const EnrolmentStepInput& input) {
  return PlainStep<v1::EnrolmentActivated>(
      work, input, v1::ENROLMENT_STATE_ACTIVE, "activated_date",
      [](auto* event, const std::string& day) { event->set_activated_date(day); });
}

absl::StatusOr<ledger::Done> CompleteEnrolment(ledger::UnitOfWork& work,
                                               const EnrolmentStepInput& input) {
  return PlainStep<v1::EnrolmentCompleted>(
      work, input, v1::ENROLMENT_STATE_COMPLETED, "completed_date",
      [](auto* event, const std::string& day) { event->set_completed_date(day); });
}

absl::StatusOr<ledger::Done> WithdrawEnrolment(ledger::UnitOfWork& work,
                                               const EnrolmentStepInput& input,
                                               v1::WithdrawalReason reason) {
  RETURN_IF_ERROR(CheckSpokenReason(reason));
  ASSIGN_OR_RETURN(Found found, FindForStep(work, input.campaign_id, input.id, true));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   ReadPastDate(input.date, "withdrawn_date", base::KoreaDay(work.now())));
  RETURN_IF_ERROR(Withdraw(work, std::move(found), reason, day));
  return ledger::Done{input.id, EnrolmentName(input.campaign_id, input.id)};
}

absl::StatusOr<ledger::Done> AcceptOffer(ledger::UnitOfWork& work,
                                         const EnrolmentStepInput& input) {
  ASSIGN_OR_RETURN(Found found, FindForStep(work, input.campaign_id, input.id, false));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  Seating seating(work, std::move(found.campaign));
  RETURN_IF_ERROR(seating.Accept(&found.enrolment));
  seating.Save();
  return ledger::Done{input.id, EnrolmentName(input.campaign_id, input.id)};
}

absl::StatusOr<ledger::Done> DeclineOffer(ledger::UnitOfWork& work,
                                          const EnrolmentStepInput& input) {
  ASSIGN_OR_RETURN(Found found, FindForStep(work, input.campaign_id, input.id, true));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(GiveUp(work, std::move(found), [](Seating& seating, Enrolment* enrolment) {
    return seating.Decline(enrolment);
  }));
  return ledger::Done{input.id, EnrolmentName(input.campaign_id, input.id)};
}

absl::StatusOr<ledger::Done> ExpireOffer(ledger::UnitOfWork& work, const base::Uuid& campaign_id,
                                         const base::Uuid& id) {
  const ledger::Done done{id, EnrolmentName(campaign_id, id)};
  ASSIGN_OR_RETURN(Found found, FindForStep(work, campaign_id, id, true));
  if (found.enrolment.state() != v1::ENROLMENT_STATE_OFFERED) return done;
  RETURN_IF_ERROR(GiveUp(work, std::move(found), [](Seating& seating, Enrolment* enrolment) {
    return seating.Expire(enrolment);
  }));
  return done;
}

}  // namespace ieum::registry
