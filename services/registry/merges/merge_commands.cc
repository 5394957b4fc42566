#include "services/registry/merges/merge_commands.h"

#include <utility>

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/changes/sensitive_fields.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/enrolments/attribution.h"
#include "services/registry/merges/double_enrolments.h"
#include "services/registry/merges/merge_store.h"
#include "services/registry/people/apart_store.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kPerson[] = "person";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

template <class Event>
void Tell(ledger::UnitOfWork& work, const PersonMerge& merge) {
  Event event;
  event.set_merge_id(merge.id.ToString());
  event.set_event_date(Today(work));
  event.set_survivor_person_id(merge.survivor.ToString());
  event.set_duplicate_person_id(merge.duplicate.ToString());
  event.set_centre_id(base::CentreText(merge.centre));
  work.Append(merge.survivor, kPerson, PersonName(merge.survivor), event);
}

void TellChanged(ledger::UnitOfWork& work, const Person& person,
                 const std::vector<std::string>& changed) {
  v1::PersonUpdated event;
  event.set_person_id(person.id.ToString());
  event.set_event_date(Today(work));
  event.set_basis(person.basis);
  event.set_preferred_language(person.preferred_language);
  event.set_centre_id(base::CentreText(person.centre));
  event.mutable_changed_fields()->Assign(changed.begin(), changed.end());
  work.Append(person.id, kPerson, PersonName(person.id), event);
}

// Both, in the caller's sight, with data that can be read and that he keeps.
struct Both {
  Person survivor, duplicate;
};

absl::StatusOr<Both> FindBoth(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                              const base::Uuid& survivor, const base::Uuid& duplicate) {
  auto found = FindPersons(work.tx(), work.scope(), keys, {survivor, duplicate});
  for (const auto& [person, known] : found) {
    if (absl::IsFailedPrecondition(known.status())) {
      RETURN_IF_ERROR(RequireNotApart(work.tx(), person));
    }
  }
  ASSIGN_OR_RETURN(Person first, std::move(found.at(survivor)));
  ASSIGN_OR_RETURN(Person second, std::move(found.at(duplicate)));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), first.centre));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), second.centre));
  return Both{std::move(first), std::move(second)};
}

absl::Status CheckInput(const MergePersonsInput& input) {
  if (input.survivor == input.duplicate) {
    return base::InvalidField("INVALID_FIELD", "duplicate", "must be another person");
  }
  RETURN_IF_ERROR(CheckTakenFields(input.taken_fields));
  return CheckSaysNobody(input.reason);
}

absl::Status CheckMayMerge(ledger::UnitOfWork& work, const MergePersonsInput& input) {
  RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), input.survivor));
  RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), input.duplicate));
  RETURN_IF_ERROR(work.ExpectEtag(input.survivor, input.survivor_etag));
  RETURN_IF_ERROR(work.ExpectEtag(input.duplicate, input.duplicate_etag));
  if (!GuardsTheOther(work.tx(), input.survivor, input.duplicate)) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "duplicate",
                            "must not be somebody who answers, or answered, for the other");
}

PersonMerge NewMerge(ledger::UnitOfWork& work, const MergePersonsInput& input, const Both& both) {
  PersonMerge merge;
  merge.id = work.DeriveId("merge");
  merge.survivor = input.survivor;
  merge.duplicate = input.duplicate;
  if (both.survivor.centre == both.duplicate.centre) merge.centre = both.survivor.centre;
  merge.taken_fields = input.taken_fields;
  merge.reason = input.reason;
  merge.effects = CountNamed(work.tx(), input.duplicate);
  merge.created_at = work.now();
  merge.merger = work.caller().actor;
  return merge;
}

// What the survivor's record says with what she takes from the duplicate's.
struct Taken {
  Person after;
  std::vector<std::string> changed;
};

absl::StatusOr<Taken> TakeFields(const ledger::UnitOfWork& work, const PersonMerge& merge,
                                 const Both& both) {
  v1::Person wanted = PersonalOf(both.survivor);
  Take(merge.taken_fields, PersonalOf(both.duplicate), &wanted);
  Taken taken{both.survivor, {}};
  RETURN_IF_ERROR(TakePersonal(wanted, &taken.after));
  taken.changed = ChangedPersonal(both.survivor, taken.after);
  taken.after.updated_at = work.now();
  return taken;
}

// The numbers between which a merge, or its end, changes her phone; each becomes a former one.
std::vector<std::pair<FormerPhone, std::string>> PhonesOf(const std::string& own,
                                                          const std::string& taken) {
  std::vector<std::pair<FormerPhone, std::string>> phones;
  if (!own.empty()) phones.emplace_back(FormerPhone::kOwn, own);
  if (!taken.empty()) phones.emplace_back(FormerPhone::kTaken, taken);
  return phones;
}

absl::Status PutTaken(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                      const PersonMerge& merge, const Both& both, const Taken& taken) {
  db::Tx& tx = work.tx();
  for (const auto& [which, phone] :
       PhonesOf(PhoneSearchKey(both.survivor.phone), PhoneSearchKey(taken.after.phone))) {
    if (HasFormerPhone(tx, keys.vault(), merge.survivor, phone))
      NoteFormerPhone(tx, merge.id, which);
  }
  RETURN_IF_ERROR(PutPerson(tx, work.scope(), keys, taken.after));
  TellChanged(work, taken.after, taken.changed);
  return absl::OkStatus();
}

// She never had the duplicate's number.
void ForgetTakenPhone(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                      const PersonMerge& merge, const Person& before, const Person& after) {
  if (before.phone.original == after.phone.original) return;
  for (const auto& [which, phone] :
       PhonesOf(PhoneSearchKey(after.phone), PhoneSearchKey(before.phone))) {
    if (HadFormerPhone(work.tx(), merge.id, which)) continue;
    DropFormerPhone(work.tx(), keys.vault(), merge.survivor, phone);
  }
}

// Values that the survivor still has from the duplicate are her own again.
absl::Status GiveBackFields(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                            const PersonMerge& merge, const Both& both) {
  const std::vector<std::string> still =
      StillTaken(merge.taken_fields, PersonalOf(both.survivor), PersonalOf(both.duplicate));
  if (still.empty()) return absl::OkStatus();
  RestoreValues(work.tx(), work.scope(), merge, still, work.now());
  ASSIGN_OR_RETURN(const Person after, FindPerson(work.tx(), work.scope(), keys, merge.survivor));
  // Indexes and keys by which she is found.
  RETURN_IF_ERROR(PutPerson(work.tx(), work.scope(), keys, after));
  ForgetTakenPhone(work, keys, merge, both.survivor, after);
  const std::vector<std::string> changed = ChangedPersonal(both.survivor, after);
  if (!changed.empty()) TellChanged(work, after, changed);
  return absl::OkStatus();
}

void LockAll(ledger::UnitOfWork& work, const std::vector<std::vector<base::Uuid>>& parts) {
  std::vector<base::Uuid> ids;
  for (const std::vector<base::Uuid>& part : parts) ids.insert(ids.end(), part.begin(), part.end());
  work.Lock(std::move(ids));
}

absl::Status RequireLast(ledger::UnitOfWork& work, const PersonMerge& merge) {
  const auto later = FindLaterMerge(work.tx(), merge);
  if (!later) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_MERGE_NOT_LAST,
                         "the survivor was merged again since; undo that merge first",
                         {{"merge", MergeName(*later)}});
}

}  // namespace

absl::StatusOr<ledger::Done> MergePersons(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                          const MergePersonsInput& input) {
  RETURN_IF_ERROR(CheckInput(input));
  const std::vector<base::Uuid> two = {input.survivor, input.duplicate};
  // All gates at once, in one order; those of doubles are among them.
  const std::vector<base::Uuid> enrolments = EnterGatesOf(work, two);
  DoubleEnrolments doubles(work);
  doubles.FindOf(input.survivor, input.duplicate);
  LockAll(work, {two, enrolments, doubles.ToLock()});
  RequireStill(work, two, enrolments);
  ASSIGN_OR_RETURN(const Both both, FindBoth(work, keys, input.survivor, input.duplicate));
  RETURN_IF_ERROR(CheckMayMerge(work, input));
  RETURN_IF_ERROR(doubles.CheckFound(input.survivor, input.duplicate));
  const PersonMerge merge = NewMerge(work, input, both);
  ASSIGN_OR_RETURN(const Taken taken, TakeFields(work, merge, both));
  RETURN_IF_ERROR(RequireNoReview(FindSensitive(work.tx(), both.survivor.centre),
                                  Below(kPersonFields, taken.changed)));

  if (!InsertMerge(work.tx(), merge)) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "this request was answered long ago");
  }
  doubles.Settle(merge);
  MoveRows(work.tx(), merge, both.survivor.centre);
  MovePairs(work.tx(), merge, both.survivor.centre);
  PointTo(work.tx(), work.scope(), merge);
  AttributeAnewOf(work, merge.survivor);
  if (!taken.changed.empty()) RETURN_IF_ERROR(PutTaken(work, keys, merge, both, taken));
  Tell<v1::PersonsMerged>(work, merge);
  return ledger::Done{merge.survivor, MergeName(merge.id)};
}

absl::StatusOr<ledger::Done> UndoMerge(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                       const UndoMergeInput& input) {
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  const std::string name = MergeName(input.id);
  const auto known = FindMerge(work.tx(), work.scope(), input.id);
  if (!known) return base::NotFound(name);
  const std::vector<base::Uuid> two = {known->merge.survivor, known->merge.duplicate};
  const std::vector<base::Uuid> enrolments = EnterGatesOf(work, two);
  DoubleEnrolments doubles(work);
  doubles.FindGivenUpBy(input.id);
  LockAll(work, {two, enrolments, doubles.ToLock()});
  RequireStill(work, two, enrolments);

  // Another centre may have taken both over before the locks.
  const auto found = FindMerge(work.tx(), work.scope(), input.id);
  if (!found) return base::NotFound(name);
  PersonMerge merge = found->merge;
  RETURN_IF_ERROR(work.ExpectEtag(merge.survivor, input.etag));
  RETURN_IF_ERROR(Undo(&merge, work.caller().actor, input.reason, work.now()));
  RETURN_IF_ERROR(RequireLast(work, merge));
  ASSIGN_OR_RETURN(const Both both, FindBoth(work, keys, merge.survivor, merge.duplicate));
  RETURN_IF_ERROR(doubles.CheckRoom(merge.id));
  MoveBack(work.tx(), merge);
  doubles.TakeUpAgain();
  PointBack(work.tx(), work.scope(), merge);
  for (const base::Uuid& person : two) AttributeAnewOf(work, person);
  RETURN_IF_ERROR(GiveBackFields(work, keys, merge, both));
  SaveUndo(work.tx(), work.scope(), merge);
  Tell<v1::PersonsUnmerged>(work, merge);
  return ledger::Done{merge.survivor, name};
}

}  // namespace ieum::registry
