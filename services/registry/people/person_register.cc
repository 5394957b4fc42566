// How somebody comes into the registry: with whoever sits there being asked about those who may be
// the same, or with nobody to ask.
#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"
#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/duplicates/duplicate_commands.h"
#include "services/registry/organizations/centre_commands.h"
#include "services/registry/people/candidates.h"
#include "services/registry/people/guardian_commands.h"
#include "services/registry/people/match_store.h"
#include "services/registry/people/person_commands.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kKind[] = "person";

absl::Status IdTaken() {
  return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN, "a person with this id exists");
}

absl::Status IsRegistered(const std::vector<Candidate>& certain) {
  std::vector<std::string> names;
  // An error travels in headers, which hold a few kilobytes.
  for (const Candidate& candidate : certain) {
    if (names.size() < kCandidatesTold) names.push_back(PersonName(candidate.id));
  }
  return base::AlreadyExists(v1::ERROR_REASON_DUPLICATE_PERSON,
                             "the person is all but certainly registered already",
                             {{"persons", absl::StrJoin(names, ",")}});
}

base::Uuid IdOf(const ledger::UnitOfWork& work, const RegisterPersonInput& input) {
  return input.id.value_or(work.DeriveId(kKind));
}

absl::StatusOr<Person> NewPerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                 const RegisterPersonInput& input) {
  Person person;
  person.id = IdOf(work, input);
  ASSIGN_OR_RETURN(person.centre, CentreOfNew(work, input.centre, "person.centre"));
  RETURN_IF_ERROR(TakePersonal(input.person, &person));
  RETURN_IF_ERROR(CheckBirthYear(person.birth_year, base::KoreaDay(work.now())));
  RETURN_IF_ERROR(SettleChildhood(work, keys, std::nullopt, &person));
  person.created_at = person.updated_at = work.now();
  return person;
}

absl::StatusOr<ledger::Done> Store(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                   const Person& person) {
  RETURN_IF_ERROR(PutPerson(work.tx(), work.scope(), keys, person));
  TellRegistered(work, person);
  SaveGuardian(work, std::nullopt, person);
  return ledger::Done{person.id, PersonName(person.id)};
}

// Those of whom it is all but certain and whom the caller may see; the likeliest first.
std::vector<Candidate> CertainOf(ledger::UnitOfWork& work, const std::vector<Candidate>& candidates,
                                 int act_from) {
  std::vector<base::Uuid> ids;
  for (const Candidate& candidate : candidates) ids.push_back(candidate.id);
  const std::set<base::Uuid> seen = SeenOf(work.tx(), work.scope(), ids);
  std::vector<Candidate> certain;
  for (const Candidate& candidate : candidates) {
    if (candidate.verdict.score >= act_from && seen.contains(candidate.id)) {
      certain.push_back(candidate);
    }
  }
  return certain;
}

absl::StatusOr<ledger::Done> StoreForReview(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const Person& person,
                                            const std::vector<DuplicatePair>& pairs) {
  std::vector<base::Uuid> locked = {person.id};
  for (const DuplicatePair& pair : pairs) locked.push_back(pair.id);
  work.Lock(locked);
  if (work.Version(person.id) != 0) return IdTaken();
  ASSIGN_OR_RETURN(const ledger::Done done, Store(work, keys, person));
  NotePairs(work, pairs);
  return done;
}

// Two that register the same person at once do so one after the other.
absl::StatusOr<ledger::Done> RegisterUnasked(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                             const RegisterPersonInput& input) {
  ASSIGN_OR_RETURN(const Person person, NewPerson(work, keys, input));
  HoldKeys(work.tx(), keys.vault(), person);
  const int from = std::min(input.rules.queue_from, input.rules.act_from);
  ASSIGN_OR_RETURN(const auto found, FindCandidates(work.tx(), keys, {person}, input.rules, from));
  const auto certain = CertainOf(work, found[0], input.rules.act_from);
  if (!certain.empty() && input.policy == v1::DUPLICATE_POLICY_BLOCK) return IsRegistered(certain);
  if (!certain.empty() && input.policy == v1::DUPLICATE_POLICY_LINK) {
    const base::Uuid& known = certain[0].id;
    work.Lock({known});
    RequireStanding(work.tx(), {known});
    return ledger::Done{known, PersonName(known)};
  }
  return StoreForReview(work, keys, person,
                        PairsToReview(person, found[0], input.rules.queue_from, work.now()));
}

}  // namespace

void TellRegistered(ledger::UnitOfWork& work, const Person& person) {
  v1::PersonRegistered event;
  event.set_person_id(person.id.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_basis(person.basis);
  event.set_preferred_language(person.preferred_language);
  event.set_centre_id(base::CentreText(person.centre));
  work.Append(person.id, kKind, PersonName(person.id), event);
}

absl::StatusOr<ledger::Done> RegisterPerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                            const RegisterPersonInput& input) {
  if (input.policy != v1::DUPLICATE_POLICY_UNSPECIFIED) return RegisterUnasked(work, keys, input);
  const base::Uuid id = IdOf(work, input);
  work.Lock({id});
  if (work.Version(id) != 0) return IdTaken();
  ASSIGN_OR_RETURN(const Person person, NewPerson(work, keys, input));
  return Store(work, keys, person);
}

}  // namespace ieum::registry
