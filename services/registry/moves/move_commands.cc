#include "services/registry/moves/move_commands.h"

#include "ieum/platform/v1/errors.pb.h"
#include "ieum/registry/v1/errors.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/status.h"
#include "services/registry/access/spoken_reason.h"
#include "services/registry/enrolments/enrolment_store.h"
#include "services/registry/moves/move_basis.h"
#include "services/registry/moves/move_events.h"
#include "services/registry/moves/move_store.h"
#include "services/registry/moves/moved_rows_store.h"
#include "services/registry/moves/ownership_store.h"
#include "services/registry/organizations/organization_store.h"
#include "services/registry/people/forget_store.h"
#include "services/registry/people/person_store.h"
#include "services/registry/people/standing_store.h"

namespace ieum::registry {
namespace {

// A person whom the caller keeps, whose data are there, and who stands for herself.
absl::Status TakePerson(ledger::UnitOfWork& work, const RequestMoveInput& input, Move* move) {
  const base::Uuid& id = *input.person_id;
  const auto owner = FindOwner(work.tx(), work.scope(), id);
  if (!owner) return GoneOrUnknown(work.tx(), work.scope(), id, PersonName(id));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), owner->centre));
  RETURN_IF_ERROR(RequireNotErased(work.tx(), id));
  RETURN_IF_ERROR(RequireUnmerged(work.tx(), work.scope(), id));
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  move->kind = v1::MOVE_KIND_PERSON;
  move->person_id = id;
  move->from_centre = owner->centre;
  return absl::OkStatus();
}

absl::Status TakeEnrolment(ledger::UnitOfWork& work, const RequestMoveInput& input, Move* move) {
  const base::Uuid& id = *input.enrolment_id;
  const std::string name = EnrolmentName(*input.campaign_id, id);
  const auto enrolment = FindEnrolment(work.tx(), work.scope(), id);
  if (!enrolment) return GoneOrUnknown(work.tx(), work.scope(), id, name);
  if (enrolment->campaign_id != *input.campaign_id) return base::NotFound(name);
  RETURN_IF_ERROR(work.ExpectEtag(id, input.etag));
  move->kind = v1::MOVE_KIND_ENROLMENT;
  move->campaign_id = input.campaign_id;
  move->enrolment_id = id;
  move->person_id = enrolment->person_id;
  move->from_centre = enrolment->centre;
  if (!GoesOn(enrolment->state())) return Stale(*move);
  return absl::OkStatus();
}

absl::Status TakeFirm(ledger::UnitOfWork& work, const RequestMoveInput& input, Move* move) {
  const auto organization = FindOrganization(work.tx(), *input.organization_id);
  if (!organization) return base::NotFound(OrganizationName(*input.organization_id));
  if (organization->kind != v1::ORGANIZATION_KIND_FIRM) {
    return base::InvalidField("INVALID_FIELD", "organization", "must be a firm");
  }
  ASSIGN_OR_RETURN(move->from_centre,
                   base::ChosenCentre(work.scope(), input.from_centre, "from_centre"));
  move->kind = v1::MOVE_KIND_ORGANIZATION;
  move->organization_id = input.organization_id;
  move->with_workplaces = input.with_workplaces;
  if (!FindMovedRows(work.tx(), *move).empty()) return absl::OkStatus();
  return base::InvalidField("INVALID_FIELD", "organization",
                            "must be a firm of which the giving centre has a living enrolment or "
                            "an open lead");
}

absl::Status TakeReceiver(ledger::UnitOfWork& work, const RequestMoveInput& input, Move* move) {
  const auto centre = FindOrganization(work.tx(), input.to_centre);
  const bool fits = centre && centre->active() &&
                    (centre->kind == v1::ORGANIZATION_KIND_CENTRE ||
                     centre->kind == v1::ORGANIZATION_KIND_AGENCY);
  if (!fits || move->from_centre == input.to_centre) {
    return base::InvalidField("INVALID_FIELD", "to_centre",
                              "must be a centre or an agency in business, and another one than "
                              "the giving centre");
  }
  move->to_centre = input.to_centre;
  return absl::OkStatus();
}

absl::Status CheckOneSubject(const RequestMoveInput& input) {
  const int given = input.person_id.has_value() + input.organization_id.has_value() +
                    input.enrolment_id.has_value();
  if (given == 1) return absl::OkStatus();
  base::FieldErrors errors;
  for (const char* field : {"person", "organization", "enrolment"}) {
    errors.Add("INVALID_FIELD", field,
               "must be the one that moves: a person, a firm or an enrolment");
  }
  return errors.ToStatus();
}

// The move, and whatever it is about: nothing of that changes while it is asked for.
std::vector<base::Uuid> LocksOf(ledger::UnitOfWork& work, const RequestMoveInput& input,
                                const base::Uuid& id) {
  std::vector<base::Uuid> locked = {id};
  for (const auto& row : {input.person_id, input.organization_id, input.enrolment_id}) {
    if (row) locked.push_back(*row);
  }
  if (!input.enrolment_id) return locked;
  // Who takes part never changes but by a merge, whose survivor is asked for then.
  const auto enrolment = FindEnrolment(work.tx(), work.scope(), *input.enrolment_id);
  if (enrolment && enrolment->person_id) locked.push_back(*enrolment->person_id);
  return locked;
}

absl::Status TakeSubject(ledger::UnitOfWork& work, const RequestMoveInput& input, Move* move) {
  if (input.person_id) return TakePerson(work, input, move);
  if (input.enrolment_id) return TakeEnrolment(work, input, move);
  return TakeFirm(work, input, move);
}

absl::Status AlreadyOpen(ledger::UnitOfWork& work, const Move& move) {
  const auto open = FindOpenMove(work.tx(), move);
  if (!open) {
    return base::AlreadyExists(platform::v1::ERROR_REASON_ID_TAKEN,
                               "this request was answered long ago");
  }
  return base::AlreadyExists(v1::ERROR_REASON_MOVE_OPEN,
                             "somebody has asked to move it already; cancel that move first",
                             {{"move", MoveName(*open)}});
}

// A locked move in the caller's sight.
absl::StatusOr<Move> FindForStep(ledger::UnitOfWork& work, const MoveStepInput& input) {
  work.Lock({input.id});
  auto view = FindMove(work.tx(), work.scope(), input.id);
  if (!view) return base::NotFound(MoveName(input.id));
  RETURN_IF_ERROR(work.ExpectEtag(input.id, input.etag));
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  return std::move(view->move);
}

constexpr auto kNothingElse = [](auto&) {};

}  // namespace

absl::StatusOr<ledger::Done> RequestMove(ledger::UnitOfWork& work, const RequestMoveInput& input) {
  RETURN_IF_ERROR(CheckOneSubject(input));
  RETURN_IF_ERROR(CheckSaysNobody(input.reason));
  Move move;
  move.id = work.DeriveId(kMoveKind);
  work.Lock(LocksOf(work, input, move.id));
  RETURN_IF_ERROR(TakeSubject(work, input, &move));
  RETURN_IF_ERROR(TakeReceiver(work, input, &move));
  move.reason = input.reason;
  move.items = input.items;
  move.created_at = work.now();
  move.requester = work.caller().actor;
  move.expires_at = MoveEnd(work.now());
  ASSIGN_OR_RETURN(const FoundBasis found, FindBasis(work, move));
  move.basis = found.basis;
  if (!InsertMove(work.tx(), move)) return AlreadyOpen(work, move);
  return TellOf<v1::OwnershipMoveRequested>(
      work, move, move.to_centre.ToString(), [&](auto& event) {
        event.set_last_accept_date(
            base::FormatDay(base::KoreaDay(move.expires_at - absl::Microseconds(1))));
      });
}

absl::StatusOr<ledger::Done> DeclineMove(ledger::UnitOfWork& work, const MoveStepInput& input) {
  ASSIGN_OR_RETURN(Move move, FindForStep(work, input));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), move.to_centre));
  RETURN_IF_ERROR(Decline(&move, work.caller().actor, input.reason, work.now()));
  SaveMove(work.tx(), work.scope(), move);
  return TellOf<v1::OwnershipMoveDeclined>(work, move, base::CentreText(move.from_centre),
                                           kNothingElse);
}

absl::StatusOr<ledger::Done> CancelMove(ledger::UnitOfWork& work, const MoveStepInput& input) {
  ASSIGN_OR_RETURN(Move move, FindForStep(work, input));
  RETURN_IF_ERROR(RequireKeeps(work.scope(), move.from_centre));
  RETURN_IF_ERROR(Cancel(&move, v1::MOVE_CANCEL_CAUSE_WITHDRAWN, work.caller().actor, input.reason,
                         work.now()));
  SaveMove(work.tx(), work.scope(), move);
  return TellOf<v1::OwnershipMoveCancelled>(
      work, move, base::CentreText(move.from_centre),
      [&](auto& event) { event.set_cause(move.cancel_cause); });
}

absl::StatusOr<ledger::Done> ExpireMove(ledger::UnitOfWork& work, const base::Uuid& id) {
  ASSIGN_OR_RETURN(Move move, FindForStep(work, {id, "", ""}));
  if (move.state != v1::MOVE_STATE_REQUESTED) return ledger::Done{id, MoveName(id)};
  RETURN_IF_ERROR(Expire(&move));
  SaveMove(work.tx(), work.scope(), move);
  return TellOf<v1::OwnershipMoveExpired>(
      work, move, base::CentreText(move.from_centre), [&](auto& event) {
        event.set_expired_date(base::FormatDay(base::KoreaDay(move.expires_at)));
      });
}

void CancelForErasure(ledger::UnitOfWork& work, const std::vector<base::Uuid>& moves) {
  // The suite's staff too may erase; whose move it is was looked at with the person.
  const base::Scope everybody = base::Scope::Everywhere();
  for (const base::Uuid& id : moves) {
    auto view = FindMove(work.tx(), everybody, id);
    if (!view) continue;
    Move& move = view->move;
    const absl::Status open =
        Cancel(&move, v1::MOVE_CANCEL_CAUSE_PERSON_ERASED, work.caller().actor, "", work.now());
    if (!open.ok()) continue;
    SaveMove(work.tx(), everybody, move);
    TellOf<v1::OwnershipMoveCancelled>(work, move, base::CentreText(move.from_centre),
                                       [&](auto& event) { event.set_cause(move.cancel_cause); });
  }
}

}  // namespace ieum::registry
