#include "services/registry/erasures/apart_commands.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/erasures/erasing.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/retention_store.h"
#include "services/registry/people/apart_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

constexpr char kPerson[] = "person";

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const base::Uuid& person, const Owner& owner) {
  Event event;
  event.set_person_id(person.ToString());
  event.set_event_date(base::FormatDay(base::KoreaDay(work.now())));
  event.set_centre_id(base::CentreText(owner.centre));
  return event;
}

// Apart from a hold, without which nothing is kept apart, what forbids an erasure forbids this,
// too.
absl::Status RequireHeldAlone(const base::Uuid& person, v1::ErasureReason reason, Obstacles found) {
  if (!found.held) {
    return base::Forbidden(v1::ERROR_REASON_HOLD_MISSING,
                           "nobody holds the person's data; they are to be erased",
                           {{"person", PersonName(person)}});
  }
  found.held = false;
  return RequireNone(ObstaclesFor(reason, found), person);
}

// The rule by which her time is over, for whoever reviewed that; "" for another reason.
absl::StatusOr<std::string> RuleCalledFor(ledger::UnitOfWork& work, const KeepApartInput& input) {
  if (input.reason != v1::ERASURE_REASON_RETENTION) return "";
  ASSIGN_OR_RETURN(const std::vector<RetentionRule> rules, FindRetentionRules(work.tx()));
  for (const RetentionRule& rule : rules) {
    if (IsOver(work.tx(), rule, work.now(), true, input.id)) return rule.code;
  }
  return base::InvalidField("INVALID_FIELD", "reason",
                            "must be another one: by no rule of retention is her time over");
}

void KeepLocked(ledger::UnitOfWork& work, const base::Uuid& person, const Owner& owner,
                const Erasing& keeping) {
  for (const base::Uuid& record : RecordsOf(work.tx(), person)) {
    auto event = EventOf<v1::PersonKeptApart>(work, record, owner);
    event.set_reason(keeping.reason);
    event.set_rule(keeping.rule);
    work.Append(record, kPerson, PersonName(record), event);
    EndWhatIsOpen(work, record, keeping);
    KeepRecordApart(work.tx(), record,
                    {keeping.reason, keeping.rule, work.now(), work.caller().actor});
  }
}

// Whose data are kept apart, for whoever keeps them, locked.
absl::StatusOr<Owner> FindKeptApart(ledger::UnitOfWork& work, const ApartInput& input) {
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  const auto owner = FindOwner(work.tx(), work.scope(), input.id);
  if (!owner) return base::NotFound(PersonName(input.id));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), owner->centre));
  RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), input.id));
  if (!FindApart(work.tx(), input.id)) return NotKeptApart(input.id);
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  return *owner;
}

ApartLook LookOf(const ledger::UnitOfWork& work, const ApartInput& input, bool put_back) {
  return {work.DeriveId("look"), input.id, put_back, work.now(), work.caller().actor, input.reason};
}

}  // namespace

absl::StatusOr<ledger::Done> KeepPersonApart(ledger::UnitOfWork& work,
                                             const KeepApartInput& input) {
  const std::vector<base::Uuid> locked = LocksOf(work, {input.id});
  work.Lock(locked);
  ASSIGN_OR_RETURN(const Owner owner, KeptPerson(work.tx(), work.scope(), input.id));
  RETURN_IF_ERROR(RequireNotApart(work.tx(), input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  const Obstacles found = FindObstacles(work.tx(), input.id, base::KoreaDay(work.now()));
  RETURN_IF_ERROR(RequireHeldAlone(input.id, input.reason, found));
  ASSIGN_OR_RETURN(const std::string rule, RuleCalledFor(work, input));
  KeepLocked(work, input.id, owner, {.reason = input.reason, .rule = rule, .locked = locked});
  return ledger::Done{input.id, PersonName(input.id)};
}

absl::StatusOr<ledger::Done> LookAtApart(ledger::UnitOfWork& work, const ApartInput& input) {
  work.Lock({input.id});
  RETURN_IF_ERROR(FindKeptApart(work, input).status());
  const ApartLook look = LookOf(work, input, false);
  NoteLook(work.tx(), look);
  return ledger::Done{input.id, absl::StrCat("apartLooks/", look.id.ToString())};
}

absl::StatusOr<base::Uuid> LookIdIn(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("apartLooks/{}", name, "name"));
  return ids[0];
}

absl::StatusOr<ledger::Done> PutPersonBack(ledger::UnitOfWork& work, const ApartInput& input) {
  const std::vector<base::Uuid> locked = LocksOf(work, {input.id});
  work.Lock(locked);
  ASSIGN_OR_RETURN(const Owner owner, FindKeptApart(work, input));
  NoteLook(work.tx(), LookOf(work, input, true));
  for (const base::Uuid& record : RecordsOf(work.tx(), input.id)) {
    PutRecordBack(work.tx(), record);
    work.Append(record, kPerson, PersonName(record),
                EventOf<v1::PersonPutBack>(work, record, owner));
  }
  return ledger::Done{input.id, PersonName(input.id)};
}

absl::StatusOr<ledger::Done> KeepApartByRule(ledger::UnitOfWork& work, const base::Uuid& person,
                                             const std::string& rule) {
  const std::vector<base::Uuid> locked = LocksOf(work, {person});
  work.Lock(locked);
  const ledger::Done done{person, PersonName(person)};
  ASSIGN_OR_RETURN(const std::vector<RetentionRule> rules, RulesNamed(work.tx(), {rule}));
  const auto owner = FindOwner(work.tx(), work.scope(), person);
  if (!owner || !IsOver(work.tx(), rules[0], work.now(), true, person)) return done;
  const Obstacles found = FindObstacles(work.tx(), person, base::KoreaDay(work.now()));
  if (!RequireHeldAlone(person, v1::ERASURE_REASON_RETENTION, found).ok()) return done;
  KeepLocked(work, person, *owner,
             {.reason = v1::ERASURE_REASON_RETENTION, .rule = rule, .locked = locked});
  return done;
}

absl::StatusOr<ledger::Done> EraseApart(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                        const base::Uuid& person) {
  const std::vector<base::Uuid> locked = LocksOf(work, {person});
  work.Lock(locked);
  const ledger::Done done{person, PersonName(person)};
  const auto apart = FindApart(work.tx(), person);
  const auto owner = FindOwner(work.tx(), work.scope(), person);
  if (!apart || !owner) return done;
  const Obstacles found = FindObstacles(work.tx(), person, base::KoreaDay(work.now()));
  RETURN_IF_ERROR(RequireNone(ObstaclesFor(apart->reason, found), person));
  EraseLocked(work, keys, person, owner->centre,
              {.reason = apart->reason, .rule = apart->rule, .locked = locked});
  return done;
}

}  // namespace ieum::registry
