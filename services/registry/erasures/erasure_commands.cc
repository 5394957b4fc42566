#include "services/registry/erasures/erasure_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/dates.h"
#include "services/registry/erasures/erasing.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/erasures/hold_store.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

constexpr char kErasure[] = "erasure";
constexpr char kHold[] = "legal_hold";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const LegalHold& hold) {
  Event event;
  event.set_legal_hold_id(hold.id.ToString());
  event.set_event_date(Today(work));
  event.set_person_id(hold.person_id.ToString());
  event.set_centre_id(base::CentreText(hold.centre));
  return event;
}

}  // namespace

absl::StatusOr<ledger::Done> ErasePerson(ledger::UnitOfWork& work, const db::PersonKeys& keys,
                                         const ErasePersonInput& input) {
  if (input.rule.empty()) RETURN_IF_ERROR(CheckAskedReason(input.reason));
  const std::vector<base::Uuid> locked = LocksOf(work, {input.id});
  work.Lock(locked);
  ASSIGN_OR_RETURN(const Owner owner, KeptPerson(work.tx(), work.scope(), input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  const Obstacles found = FindObstacles(work.tx(), input.id, base::KoreaDay(work.now()));
  RETURN_IF_ERROR(RequireNone(ObstaclesFor(input.reason, found), input.id));
  EraseLocked(work, keys, input.id, owner.centre,
              {.reason = input.reason, .rule = input.rule, .locked = locked});
  const base::Uuid id = ErasureIdOf(work, input.id);
  return ledger::Done{input.id, ErasureName(id)};
}

absl::StatusOr<v1::Erasure> RehearseErasure(db::Tx& tx, const base::Scope& scope,
                                            const ErasePersonInput& input, absl::Time now) {
  if (input.rule.empty()) RETURN_IF_ERROR(CheckAskedReason(input.reason));
  ASSIGN_OR_RETURN(const Owner owner, KeptPerson(tx, scope, input.id));
  v1::Erasure rehearsed = PartsOf(tx, input.id, now);
  rehearsed.set_person(PersonName(input.id));
  rehearsed.set_reason(input.reason);
  if (owner.centre) rehearsed.set_centre("organizations/" + owner.centre->ToString());
  const Obstacles found = FindObstacles(tx, input.id, base::KoreaDay(now));
  for (const auto obstacle : ObstaclesFor(input.reason, found)) rehearsed.add_obstacles(obstacle);
  return rehearsed;
}

absl::StatusOr<ledger::Done> ConfirmErasure(ledger::UnitOfWork& work,
                                            const ConfirmErasureInput& input) {
  work.Lock({input.id});
  const std::string name = ErasureName(input.id);
  const auto record = FindRecord(work.tx(), work.scope(), input.id);
  if (!record) return base::NotFound(name);
  const Confirmation confirmation{input.service, input.key_destroyed, input.destroyed_at,
                                  work.now()};
  if (!InsertConfirmation(work.tx(), input.id, confirmation)) return ledger::Done{input.id, name};
  v1::ErasureConfirmed event;
  event.set_erasure_id(input.id.ToString());
  event.set_event_date(Today(work));
  event.set_service(input.service);
  event.set_key_destroyed(input.key_destroyed);
  event.set_centre_id(base::CentreText(record->centre));
  work.Append(input.id, kErasure, name, event);
  return ledger::Done{input.id, name};
}

absl::StatusOr<ledger::Done> PlaceHold(ledger::UnitOfWork& work, const PlaceHoldInput& input) {
  LegalHold hold;
  hold.id = input.id.value_or(work.DeriveId(kHold));
  work.Lock({input.person_id, hold.id});
  ASSIGN_OR_RETURN(const Owner owner, KeptPerson(work.tx(), work.scope(), input.person_id));
  RETURN_IF_ERROR(CheckSaysNobody(input.reason, "legal_hold.reason"));
  if (!input.end_date.empty()) {
    ASSIGN_OR_RETURN(hold.end_date, ReadDate(input.end_date, "legal_hold.end_date"));
    if (*hold.end_date < base::KoreaDay(work.now())) {
      return base::InvalidField(v1::ERROR_REASON_DATE_ORDER, "legal_hold.end_date",
                                "must not lie before today, " + Today(work));
    }
  }
  hold.person_id = input.person_id;
  hold.centre = owner.centre;
  hold.reason = input.reason;
  hold.placed_at = work.now();
  hold.placer = work.caller().actor;
  if (work.Version(hold.id) != 0 || !InsertHold(work.tx(), hold)) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN, "a hold with this id exists");
  }
  auto event = EventOf<v1::LegalHoldPlaced>(work, hold);
  if (hold.end_date) event.set_end_date(base::FormatDay(*hold.end_date));
  const std::string name = LegalHoldName(hold.id);
  work.Append(hold.id, kHold, name, event);
  return ledger::Done{hold.id, name};
}

absl::StatusOr<ledger::Done> ReleaseHold(ledger::UnitOfWork& work, const ReleaseHoldInput& input) {
  work.Lock({input.id});
  auto view = FindHold(work.tx(), work.scope(), input.id);
  const std::string name = LegalHoldName(input.id);
  if (!view) return base::NotFound(name);
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  RETURN_IF_ERROR(Release(&view->hold, input.reason, work.caller().actor, work.now()));
  SaveRelease(work.tx(), work.scope(), view->hold);
  work.Append(input.id, kHold, name, EventOf<v1::LegalHoldReleased>(work, view->hold));
  return ledger::Done{input.id, name};
}

}  // namespace ieum::registry
