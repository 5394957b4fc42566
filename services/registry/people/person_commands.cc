#include "services/registry/people/person_commands.h"

#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/people/guardian_commands.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "person";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

// Who says another day of birth, and nothing of the year, means the year of that day.
void ForgetYearOfFormerDay(const Person& before, v1::Person* wanted) {
  const std::string former = before.birth_date ? base::FormatDay(*before.birth_date) : "";
  if (wanted->birth_date() != former && wanted->birth_year() == before.birth_year &&
      !wanted->birth_date().empty()) {
    wanted->clear_birth_year();
  }
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

}  // namespace

absl::StatusOr<PersonUpdate> PlanUpdate(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const UpdatePersonInput& input) {
  PersonUpdate update;
  auto found = FindPerson(work.tx(), work.scope(), keys, input.id);
  RETURN_IF_ERROR(GoneOr(work.tx(), work.scope(), input.id, PersonName(input.id), found.status()));
  update.before = *std::move(found);
  const Person& before = update.before;
  RETURN_IF_ERROR(RequireKeeps(work.scope(), before.centre));
  if (before.merged_into) RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  v1::Person wanted = PersonalOf(before);
  RETURN_IF_ERROR(input.change(&wanted));
  ForgetYearOfFormerDay(before, &wanted);
  Person& after = update.after;
  after = before;
  RETURN_IF_ERROR(TakePersonal(wanted, &after));
  RETURN_IF_ERROR(CheckBirthYear(after.birth_year, base::KoreaDay(work.now())));
  RETURN_IF_ERROR(SettleChildhood(work, keys, before.guardian, &after));
  update.changed = ChangedPersonal(before, after);
  return update;
}

absl::Status MakeUpdate(ledger::UnitOfWork& work, const db::PersonKeys& keys, PersonUpdate update) {
  Person& after = update.after;
  after.updated_at = work.now();
  RETURN_IF_ERROR(PutPerson(work.tx(), work.scope(), keys, after));
  auto event = EventOf<v1::PersonUpdated>(work, after);
  event.mutable_changed_fields()->Assign(update.changed.begin(), update.changed.end());
  work.Append(after.id, kKind, PersonName(after.id), event);
  SaveGuardian(work, update.before.guardian, after);
  return absl::OkStatus();
}

absl::StatusOr<ledger::Done> UpdatePerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const UpdatePersonInput& input) {
  work.Lock({input.id});
  ASSIGN_OR_RETURN(PersonUpdate update, PlanUpdate(work, keys, input));
  if (!update.changed.empty()) {
    const Sensitive sensitive = FindSensitive(work.tx(), update.before.centre);
    RETURN_IF_ERROR(RequireNoReview(sensitive, Below(kPersonFields, update.changed)));
    RETURN_IF_ERROR(MakeUpdate(work, keys, std::move(update)));
  }
  return ledger::Done{input.id, PersonName(input.id)};
}

}  // namespace ieum::registry
