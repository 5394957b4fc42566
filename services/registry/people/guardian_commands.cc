#include "services/registry/people/guardian_commands.h"

#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/people/guardianship_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {

absl::Status SettleChildhood(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                             const std::optional<Guardian>& before, Person* person) {
  const absl::CivilDay today = base::KoreaDay(work.now());
  RETURN_IF_ERROR(CheckBirthDate(BirthOf(*person), today));
  RETURN_IF_ERROR(RequireGuardian(*person, today, "person.guardian"));
  RETURN_IF_ERROR(SettleGuardian(before, work.caller().actor, work.now(), &person->guardian));
  if (!person->guardian || person->guardian == before) return absl::OkStatus();
  const base::Uuid& id = person->guardian->person_id;
  if (id == person->id) return CheckFit(*person, *person, today);
  const auto guardian = FindPerson(work.tx(), work.scope(), keys, id);
  if (absl::IsNotFound(guardian.status()) || absl::IsFailedPrecondition(guardian.status())) {
    return base::InvalidField(v1::ERROR_REASON_PERSON_UNKNOWN, "person.guardian.person",
                              "must be a person who is registered");
  }
  RETURN_IF_ERROR(guardian.status());
  if (guardian->merged_into) {
    // Who stands for it may be the child herself, or a child too.
    return base::InvalidField(v1::ERROR_REASON_PERSON_UNKNOWN, "person.guardian.person",
                              "must be who stands for this record, which lost in a merge");
  }
  return CheckFit(*guardian, *person, today);
}

void SaveGuardian(ledger::UnitOfWork& work, const std::optional<Guardian>& before,
                  const Person& person) {
  if (person.guardian == before) return;
  PutGuardian(work.tx(), person, work.DeriveId("guardianship"), work.now());
  if (!person.guardian) return;
  v1::GuardianVerified event;
  event.set_person_id(person.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_guardian_person_id(person.guardian->person_id.ToString());
  event.set_verification(person.guardian->verification);
  event.set_verified_date(base::FormatDay(base::KoreaDay(person.guardian->verified_at)));
  event.set_centre_id(base::CentreText(person.centre));
  work.Append(person.id, "person", PersonName(person.id), event);
}

}  // namespace ieum::registry
