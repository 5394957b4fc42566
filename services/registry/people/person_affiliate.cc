// Whom people act for and work for. An employment says for whom a person counts, so her enrolments
// follow it (enrolments/attribution.h).
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/dates.h"
#include "services/registry/enrolments/attribution.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/employment_store.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const Affiliation& affiliation) {
  Event event;
  event.set_affiliation_id(affiliation.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_person_id(affiliation.person_id.ToString());
  event.set_organization_id(affiliation.organization_id.ToString());
  event.set_role(affiliation.role);
  event.set_start_date(base::FormatDay(affiliation.start_date));
  if (affiliation.end_date) event.set_end_date(base::FormatDay(*affiliation.end_date));
  event.set_centre_id(base::CentreText(affiliation.centre));
  return event;
}

template <class Event>
void Tell(ledger::UnitOfWork& work, const Affiliation& affiliation, const Event& event) {
  work.Append(affiliation.person_id, "person", PersonName(affiliation.person_id), event);
}

absl::Status IdTaken() {
  return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                             "an affiliation with this id exists");
}

absl::StatusOr<std::optional<absl::CivilDay>> ReadEnd(std::string_view text,
                                                      std::string_view field) {
  if (text.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const absl::CivilDay day, ReadDate(text, field));
  return day;
}

// The enrolments of an employment follow what the table says now.
void FollowEmployment(ledger::UnitOfWork& work, const Affiliation& affiliation,
                      const std::vector<base::Uuid>& enrolments) {
  if (enrolments.empty()) return;
  AttributeAnew(work, enrolments, EmploymentsOf(work.tx(), affiliation.person_id));
}

// An affiliation that exists, and what was locked with it.
struct Found {
  Affiliation affiliation;
  std::vector<base::Uuid> enrolments;
};

absl::StatusOr<Found> FindForChange(ledger::UnitOfWork& work, const base::Uuid& person_id,
                                    const base::Uuid& id, const std::string& etag) {
  const absl::Status missing = base::NotFound(AffiliationName(person_id, id));
  const auto known = FindAffiliation(work.tx(), work.scope(), id);
  // The role never changes, so it can be looked at before the lock.
  const auto role = known ? known->role : v1::AFFILIATION_ROLE_UNSPECIFIED;
  Found found;
  found.enrolments = LockWithEnrolments(work, person_id, role, {});
  const auto affiliation = FindAffiliation(work.tx(), work.scope(), id);
  if (!affiliation) {
    return GoneOr(work.tx(), work.scope(), person_id, PersonName(person_id), missing);
  }
  // It was made meanwhile: which enrolments hang on it has to be asked again.
  if (!known) db::Conflict();
  if (affiliation->person_id != person_id) {
    RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), person_id));
    return missing;
  }
  RETURN_IF_ERROR(RequireKeeps(work.scope(), affiliation->centre));
  RETURN_IF_ERROR(RequireNotErased(work.tx(), person_id));
  RETURN_IF_ERROR(work.ExpectEtag(person_id, etag));
  found.affiliation = *affiliation;
  return found;
}

}  // namespace

absl::StatusOr<ledger::Done> StartAffiliation(ledger::UnitOfWork& work,
                                              const StartAffiliationInput& input) {
  const auto enrolments =
      LockWithEnrolments(work, input.person_id, input.role, {input.organization_id});
  const auto owner = FindOwner(work.tx(), work.scope(), input.person_id);
  if (!owner) {
    return GoneOrUnknown(work.tx(), work.scope(), input.person_id, PersonName(input.person_id));
  }
  RETURN_IF_ERROR(RequireKeeps(work.scope(), owner->centre));
  if (owner->merged) RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), input.person_id));
  RETURN_IF_ERROR(RequireNotErased(work.tx(), input.person_id));
  const auto organization = FindOrganization(work.tx(), input.organization_id);
  if (!organization) return base::NotFound(OrganizationName(input.organization_id));
  RETURN_IF_ERROR(RequireActive(*organization));
  Affiliation affiliation;
  affiliation.id = input.id.value_or(work.DeriveId("affiliation"));
  affiliation.person_id = input.person_id;
  affiliation.organization_id = input.organization_id;
  affiliation.role = input.role;
  affiliation.centre = owner->centre;
  ASSIGN_OR_RETURN(const absl::CivilDay start,
                   ReadDate(input.start_date, "affiliation.start_date"));
  ASSIGN_OR_RETURN(const auto end, ReadEnd(input.end_date, "affiliation.end_date"));
  RETURN_IF_ERROR(SetPeriod(&affiliation, start, end, "affiliation.end_date"));
  if (IsEmployment(affiliation.role)) {
    RETURN_IF_ERROR(CheckOverlap(affiliation, EmploymentsOf(work.tx(), affiliation.person_id)));
  }
  if (!InsertAffiliation(work.tx(), affiliation)) return IdTaken();
  Tell(work, affiliation, EventOf<v1::AffiliationStarted>(work, affiliation));
  FollowEmployment(work, affiliation, enrolments);
  return ledger::Done{input.person_id, AffiliationName(input.person_id, affiliation.id)};
}

absl::StatusOr<ledger::Done> EndAffiliation(ledger::UnitOfWork& work,
                                            const EndAffiliationInput& input) {
  ASSIGN_OR_RETURN(Found found, FindForChange(work, input.person_id, input.id, input.etag));
  absl::CivilDay last_day = base::KoreaDay(work.now());
  if (!input.end_date.empty()) {
    ASSIGN_OR_RETURN(last_day, ReadDate(input.end_date, "end_date"));
  }
  Affiliation& affiliation = found.affiliation;
  RETURN_IF_ERROR(End(&affiliation, last_day));
  SaveEnd(work.tx(), work.scope(), affiliation);
  Tell(work, affiliation, EventOf<v1::AffiliationEnded>(work, affiliation));
  FollowEmployment(work, affiliation, found.enrolments);
  return ledger::Done{input.person_id, AffiliationName(input.person_id, input.id)};
}

absl::StatusOr<ledger::Done> CorrectAffiliation(ledger::UnitOfWork& work,
                                                const CorrectAffiliationInput& input) {
  ASSIGN_OR_RETURN(Found found, FindForChange(work, input.person_id, input.id, input.etag));
  const Affiliation& before = found.affiliation;
  Affiliation after = before;
  ASSIGN_OR_RETURN(const absl::CivilDay start, ReadDate(input.start_date, "start_date"));
  ASSIGN_OR_RETURN(const auto end, ReadEnd(input.end_date, "end_date"));
  RETURN_IF_ERROR(SetPeriod(&after, start, end, "end_date"));
  RETURN_IF_ERROR(CheckOverlap(after, EmploymentsOf(work.tx(), after.person_id)));
  const ledger::Done done{input.person_id, AffiliationName(input.person_id, input.id)};
  if (after.start_date == before.start_date && after.end_date == before.end_date) return done;
  SavePeriod(work.tx(), work.scope(), after);
  auto event = EventOf<v1::AffiliationCorrected>(work, after);
  event.set_previous_start_date(base::FormatDay(before.start_date));
  if (before.end_date) event.set_previous_end_date(base::FormatDay(*before.end_date));
  Tell(work, after, event);
  FollowEmployment(work, after, found.enrolments);
  return done;
}

}  // namespace ieum::registry
