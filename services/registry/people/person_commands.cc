#include "services/registry/people/person_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/dates.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "person";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const Person& person) {
  Event event;
  event.set_person_id(person.id.ToString());
  event.set_event_date(Today(work));
  event.set_basis(person.basis);
  event.set_preferred_language(person.preferred_language);
  event.set_centre_id(base::CentreText(person.centre));
  return event;
}

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const Affiliation& affiliation) {
  Event event;
  event.set_affiliation_id(affiliation.id.ToString());
  event.set_event_date(Today(work));
  event.set_person_id(affiliation.person_id.ToString());
  event.set_organization_id(affiliation.organization_id.ToString());
  event.set_role(affiliation.role);
  event.set_start_date(base::FormatDay(affiliation.start_date));
  event.set_centre_id(base::CentreText(affiliation.centre));
  return event;
}

absl::Status IdTaken() {
  return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                             "a person or affiliation with this id exists");
}

}  // namespace

absl::StatusOr<ledger::Done> UpdatePerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const UpdatePersonInput& input) {
  work.Lock({input.id});
  ASSIGN_OR_RETURN(const Person before, FindPerson(work.tx(), work.scope(), keys, input.id));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), before.centre));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  v1::Person wanted = PersonalOf(before);
  RETURN_IF_ERROR(input.change(&wanted));
  Person after = before;
  RETURN_IF_ERROR(TakePersonal(wanted, &after));
  RETURN_IF_ERROR(CheckBirthYear(after.birth_year, base::KoreaDay(work.now())));
  const std::vector<std::string> changed = ChangedPersonal(before, after);
  const std::string name = PersonName(input.id);
  if (changed.empty()) return ledger::Done{input.id, name};

  after.updated_at = work.now();
  RETURN_IF_ERROR(PutPerson(work.tx(), work.scope(), keys, after));
  auto event = EventOf<v1::PersonUpdated>(work, after);
  event.mutable_changed_fields()->Assign(changed.begin(), changed.end());
  work.Append(input.id, kKind, name, event);
  return ledger::Done{input.id, name};
}

absl::StatusOr<ledger::Done> StartAffiliation(ledger::UnitOfWork& work,
                                              const StartAffiliationInput& input) {
  work.Lock({input.person_id, input.organization_id});
  const auto owner = FindOwner(work.tx(), work.scope(), input.person_id);
  if (!owner) return base::NotFound(PersonName(input.person_id));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), owner->centre));
  const auto organization = FindOrganization(work.tx(), input.organization_id);
  if (!organization) return base::NotFound(OrganizationName(input.organization_id));
  RETURN_IF_ERROR(RequireActive(*organization));
  Affiliation affiliation;
  affiliation.id = input.id.value_or(work.DeriveId("affiliation"));
  affiliation.person_id = input.person_id;
  affiliation.organization_id = input.organization_id;
  affiliation.role = input.role;
  affiliation.centre = owner->centre;
  ASSIGN_OR_RETURN(affiliation.start_date, ReadDate(input.start_date, "affiliation.start_date"));
  if (!InsertAffiliation(work.tx(), affiliation)) return IdTaken();
  work.Append(input.person_id, kKind, PersonName(input.person_id),
              EventOf<v1::AffiliationStarted>(work, affiliation));
  return ledger::Done{input.person_id, AffiliationName(input.person_id, affiliation.id)};
}

absl::StatusOr<ledger::Done> EndAffiliation(ledger::UnitOfWork& work,
                                            const EndAffiliationInput& input) {
  work.Lock({input.person_id});
  auto affiliation = FindAffiliation(work.tx(), work.scope(), input.id);
  const std::string name = AffiliationName(input.person_id, input.id);
  if (!affiliation || affiliation->person_id != input.person_id) return base::NotFound(name);
  RETURN_IF_ERROR(RequireKeeps(work.scope(), affiliation->centre));
  RETURN_IF_ERROR(work.ExpectEtag(input.person_id, input.etag));
  absl::CivilDay last_day = base::KoreaDay(work.now());
  if (!input.end_date.empty()) {
    ASSIGN_OR_RETURN(last_day, ReadDate(input.end_date, "end_date"));
  }
  RETURN_IF_ERROR(End(&*affiliation, last_day));
  SaveEnd(work.tx(), work.scope(), *affiliation);
  auto event = EventOf<v1::AffiliationEnded>(work, *affiliation);
  event.set_end_date(base::FormatDay(last_day));
  work.Append(input.person_id, kKind, PersonName(input.person_id), event);
  return ledger::Done{input.person_id, name};
}

}  // namespace ieum::registry
