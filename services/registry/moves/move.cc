#include "services/registry/moves/move.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/chosen_centre.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

absl::Status RequireOpen(const Move& move) {
  if (move.state == v1::MOVE_STATE_REQUESTED) return absl::OkStatus();
  const std::string state = v1::MoveState_Name(move.state);
  return base::Forbidden(
      v1::ERROR_REASON_MOVE_STATE,
      absl::StrCat("the move is in ", state, "; only an open one can be decided"),
      {{"move", MoveName(move.id)}, {"state", state}});
}

void Decide(Move* move, v1::MoveState state, const std::string& decider, const std::string& reason,
            absl::Time now) {
  move->state = state;
  move->decided_at = now;
  move->decider = decider;
  move->decision_reason = reason;
}

}  // namespace

std::string MoveName(const base::Uuid& id) { return "moves/" + id.ToString(); }

absl::Time MoveEnd(absl::Time now) {
  return base::KoreaInstant(base::KoreaDay(now) + kMoveAnswerDays + 1, 0);
}

bool GoesOn(v1::EnrolmentState state) {
  return state == v1::ENROLMENT_STATE_APPLIED || state == v1::ENROLMENT_STATE_WAITING ||
         state == v1::ENROLMENT_STATE_OFFERED || state == v1::ENROLMENT_STATE_CONFIRMED ||
         state == v1::ENROLMENT_STATE_ACTIVE;
}

absl::Status Accept(Move* move, const std::string& decider, absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*move));
  if (now >= move->expires_at) {
    const std::string last =
        base::FormatDay(base::KoreaDay(move->expires_at - absl::Microseconds(1)));
    return base::Forbidden(
        v1::ERROR_REASON_MOVE_STATE,
        absl::StrCat("the move could be accepted until ", last, "; it has to be asked for anew"),
        {{"move", MoveName(move->id)}, {"last_accept_date", last}});
  }
  if (decider == move->requester) return NeedsAnother(*move);
  Decide(move, v1::MOVE_STATE_ACCEPTED, decider, "", now);
  return absl::OkStatus();
}

absl::Status Decline(Move* move, const std::string& decider, const std::string& reason,
                     absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*move));
  Decide(move, v1::MOVE_STATE_DECLINED, decider, reason, now);
  return absl::OkStatus();
}

absl::Status Cancel(Move* move, v1::MoveCancelCause cause, const std::string& decider,
                    const std::string& reason, absl::Time now) {
  RETURN_IF_ERROR(RequireOpen(*move));
  Decide(move, v1::MOVE_STATE_CANCELLED, decider, reason, now);
  move->cancel_cause = cause;
  return absl::OkStatus();
}

absl::Status Expire(Move* move) {
  RETURN_IF_ERROR(RequireOpen(*move));
  // Its time was over then, whenever that is written down.
  Decide(move, v1::MOVE_STATE_EXPIRED, "", "", move->expires_at);
  return absl::OkStatus();
}

absl::Status BasisMissing(const base::Uuid& person, v1::ConsentRefusal refusal) {
  const std::string why = v1::ConsentRefusal_Name(refusal);
  return base::Forbidden(
      v1::ERROR_REASON_MOVE_BASIS_MISSING,
      absl::StrCat("her consent to provision does not cover the receiving centre: ", why,
                   "; ask her, or move between centres of one lead centre"),
      {{"person", PersonName(person)}, {"refusal", why}});
}

absl::Status NeedsAnother(const Move& move) {
  return base::Error(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_MOVE_NEEDS_ANOTHER,
                     "whoever asked for a move does not accept it, by whichever account; somebody "
                     "else has to",
                     {{"move", MoveName(move.id)}});
}

absl::Status Stale(const Move& move) {
  return base::Forbidden(
      v1::ERROR_REASON_MOVE_STALE,
      "what was to move is not the giving centre's any more, or has ended; decline this move",
      {{"move", MoveName(move.id)}});
}

v1::MoveFacts MoveFactsOf(const Move& move) {
  v1::MoveFacts facts;
  facts.set_move_id(move.id.ToString());
  facts.set_kind(move.kind);
  facts.set_person_id(base::CentreText(move.person_id));
  facts.set_organization_id(base::CentreText(move.organization_id));
  facts.set_enrolment_id(base::CentreText(move.enrolment_id));
  facts.set_from_centre_id(base::CentreText(move.from_centre));
  facts.set_to_centre_id(move.to_centre.ToString());
  return facts;
}

}  // namespace ieum::registry
