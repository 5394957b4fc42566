#include "services/registry/moves/move_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/consents/consent_receipt.h"
#include "services/registry/instants.h"
#include "services/registry/moves/move_commands.h"
#include "services/registry/moves/move_store.h"
#include "services/registry/moves/moved_rows_store.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids[0];
}

absl::StatusOr<std::optional<base::Uuid>> OptionalIdIn(const char* pattern, const std::string& name,
                                                       std::string_view field) {
  if (name.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn(pattern, name, field));
  return std::optional(id);
}

void NameSubject(const Move& move, v1::Move* wire) {
  if (move.person_id) wire->set_person(PersonName(*move.person_id));
  if (move.organization_id) wire->set_organization(OrganizationName(*move.organization_id));
  if (move.enrolment_id) wire->set_enrolment(EnrolmentName(*move.campaign_id, *move.enrolment_id));
}

void NameDecision(const Move& move, v1::Move* wire) {
  if (move.consent_receipt) {
    wire->set_consent_receipt(ConsentReceiptName(*move.person_id, *move.consent_receipt));
  }
  if (move.decided_at) *wire->mutable_decide_time() = ToTimestamp(*move.decided_at);
  wire->set_decider(move.decider);
  wire->set_decision_reason(move.decision_reason);
  wire->set_cancel_cause(move.cancel_cause);
  wire->set_ownership_epoch(move.ownership_epoch);
}

v1::Move ToWire(const MoveView& view, const std::vector<v1::MovePart>& parts) {
  const Move& move = view.move;
  v1::Move wire;
  wire.set_name(MoveName(move.id));
  wire.set_kind(move.kind);
  NameSubject(move, &wire);
  wire.set_with_workplaces(move.with_workplaces);
  if (move.from_centre) wire.set_from_centre(OrganizationName(*move.from_centre));
  wire.set_to_centre(OrganizationName(move.to_centre));
  wire.set_reason(move.reason);
  wire.mutable_items()->Assign(move.items.begin(), move.items.end());
  wire.set_state(move.state);
  wire.set_basis(move.basis);
  wire.mutable_parts()->Assign(parts.begin(), parts.end());
  *wire.mutable_create_time() = ToTimestamp(move.created_at);
  wire.set_requester(move.requester);
  *wire.mutable_expire_time() = ToTimestamp(move.expires_at);
  NameDecision(move, &wire);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

// Of an open one what would come along now.
v1::Move ToWire(db::Tx& tx, const MoveView& view) {
  const bool open = view.move.state == v1::MOVE_STATE_REQUESTED;
  return ToWire(view, open ? CountParts(tx, FindMovedRows(tx, view.move)) : view.move.parts);
}

}  // namespace

void MoveDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.MoveService");
  routes.Unary("RequestMove", this, &MoveDoor::Request);
  routes.Unary("AcceptMove", this, &MoveDoor::Accept);
  routes.Unary("DeclineMove", this, &MoveDoor::Decline);
  routes.Unary("CancelMove", this, &MoveDoor::Cancel);
  routes.Unary("GetMove", this, &MoveDoor::Get);
  routes.Unary("ListMoves", this, &MoveDoor::List);
}

absl::StatusOr<v1::Move> MoveDoor::Read(const base::Scope& scope, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("moves/{}", name, "name"));
  return rpc::ReadWhole(database_, "move_get", name, [&](db::Tx& tx) -> std::optional<v1::Move> {
    const auto view = FindMove(tx, scope, id);
    if (!view) return std::nullopt;
    return ToWire(tx, *view);
  });
}

absl::StatusOr<v1::Move> MoveDoor::Request(rpc::Call& call, const v1::RequestMoveRequest& request) {
  RequestMoveInput input{.with_workplaces = request.with_workplaces(),
                         .reason = request.reason(),
                         .items = {request.items().begin(), request.items().end()},
                         .etag = request.etag()};
  ASSIGN_OR_RETURN(input.person_id, OptionalIdIn("persons/{}", request.person(), "person"));
  ASSIGN_OR_RETURN(input.organization_id,
                   OptionalIdIn("organizations/{}", request.organization(), "organization"));
  if (!request.enrolment().empty()) {
    ASSIGN_OR_RETURN(const auto ids,
                     base::IdsIn("campaigns/{}/enrolments/{}", request.enrolment(), "enrolment"));
    input.campaign_id = ids[0];
    input.enrolment_id = ids[1];
  }
  ASSIGN_OR_RETURN(input.from_centre, CentreIn(request.from_centre(), "from_centre"));
  ASSIGN_OR_RETURN(input.to_centre, IdIn("organizations/{}", request.to_centre(), "to_centre"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return RequestMove(work, input); }));
  return Read(call.scope(), answer.name);
}

absl::StatusOr<v1::Move> MoveDoor::Accept(rpc::Call& call, const v1::AcceptMoveRequest& request) {
  MoveStepInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdIn("moves/{}", request.name(), "name"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return AcceptMove(work, input); }));
  return Read(call.scope(), answer.name);
}

absl::StatusOr<v1::Move> MoveDoor::Decline(rpc::Call& call, const v1::DeclineMoveRequest& request) {
  MoveStepInput input{.etag = request.etag(), .reason = request.reason()};
  ASSIGN_OR_RETURN(input.id, IdIn("moves/{}", request.name(), "name"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return DeclineMove(work, input); }));
  return Read(call.scope(), answer.name);
}

absl::StatusOr<v1::Move> MoveDoor::Cancel(rpc::Call& call, const v1::CancelMoveRequest& request) {
  MoveStepInput input{.etag = request.etag(), .reason = request.reason()};
  ASSIGN_OR_RETURN(input.id, IdIn("moves/{}", request.name(), "name"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return CancelMove(work, input); }));
  return Read(call.scope(), answer.name);
}

absl::StatusOr<v1::Move> MoveDoor::Get(rpc::Call& call, const v1::GetMoveRequest& request) {
  return Read(call.scope(), request.name());
}

absl::StatusOr<v1::ListMovesResponse> MoveDoor::List(rpc::Call& call,
                                                     const v1::ListMovesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, MoveList(), page_key_));
  v1::ListMovesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("move_list", [&](db::Tx& tx) {
    response.Clear();
    // What an open one would take along is said by GetMove.
    next = query.Read(tx, [&](const db::Row& row) {
      const MoveView view = ReadMoveView(row);
      *response.add_moves() = ToWire(view, view.move.parts);
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
