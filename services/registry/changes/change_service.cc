#include "services/registry/changes/change_service.h"

#include <algorithm>

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/changes/change_store.h"
#include "services/registry/changes/sensitive_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization_requests.h"
#include "services/registry/people/person_requests.h"
#include "services/registry/people/person_store.h"

namespace ieum::registry {
namespace {

constexpr char kPattern[] = "changeRequests/{}";

absl::StatusOr<base::Uuid> IdOf(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(kPattern, name, "name"));
  return ids[0];
}

v1::ChangeRequest ToWire(const ChangeView& view) {
  const Change& change = view.change;
  v1::ChangeRequest wire;
  wire.set_name(ChangeName(change.id));
  if (change.of_person()) {
    wire.set_person(PersonName(change.target));
  } else {
    wire.set_organization(OrganizationName(change.target));
  }
  wire.mutable_fields()->Assign(change.fields.begin(), change.fields.end());
  for (v1::ProposedValue& value : ValuesOf(change)) *wire.add_values() = std::move(value);
  wire.set_state(change.state);
  wire.set_reason(change.reason);
  wire.set_requester(change.requester);
  *wire.mutable_create_time() = ToTimestamp(change.created_at);
  *wire.mutable_expire_time() = ToTimestamp(change.expires_at);
  wire.set_decider(change.decider);
  if (change.decided_at) *wire.mutable_decide_time() = ToTimestamp(*change.decided_at);
  wire.set_decide_reason(change.decide_reason);
  wire.set_applied_version(change.applied_version);
  if (change.centre) wire.set_centre(OrganizationName(*change.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::SensitiveFieldSet ToWire(const SensitiveFieldSetView& view) {
  v1::SensitiveFieldSet wire;
  wire.set_name(SensitiveFieldSetName(view.set.id));
  if (view.set.centre) wire.set_centre(OrganizationName(*view.set.centre));
  wire.mutable_fields()->Assign(view.set.fields.begin(), view.set.fields.end());
  *wire.mutable_update_time() = ToTimestamp(view.set.updated_at);
  wire.set_setter(view.set.setter);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

// What was decided stays with the centre whose staff did, though another one may keep her data by
// now.
bool MaySee(db::Tx& tx, const base::Scope& scope, const Change& change) {
  return !change.of_person() || FindOwner(tx, scope, change.target).has_value();
}

absl::StatusOr<WantedChange> WantedBy(const v1::RequestChangeRequest& request) {
  switch (request.change_case()) {
    case v1::RequestChangeRequest::kUpdateOrganization:
      return InputOf(request.update_organization());
    case v1::RequestChangeRequest::kRecordFacts:
      return InputOf(request.record_facts());
    case v1::RequestChangeRequest::kRecordLabel:
      return InputOf(request.record_label());
    case v1::RequestChangeRequest::kUpdatePerson:
      return InputOf(request.update_person());
    case v1::RequestChangeRequest::CHANGE_NOT_SET:
      break;
  }
  return base::InvalidField("INVALID_FIELD", "change", "must say what is to be changed");
}

}  // namespace

void ChangeDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.ChangeService");
  routes.Unary("RequestChange", this, &ChangeDoor::Request);
  routes.Unary("ApproveChange", this, &ChangeDoor::Approve);
  routes.Unary("RejectChange", this, &ChangeDoor::Reject);
  routes.Unary("WithdrawChange", this, &ChangeDoor::Withdraw);
  routes.Unary("GetChangeRequest", this, &ChangeDoor::Get);
  routes.Unary("ListChangeRequests", this, &ChangeDoor::List);
  routes.Unary("SetSensitiveFields", this, &ChangeDoor::SetFields);
  routes.Unary("ListSensitiveFieldSets", this, &ChangeDoor::ListFieldSets);
}

absl::StatusOr<v1::ChangeRequest> ChangeDoor::Read(const base::Scope& scope,
                                                   const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdOf(name));
  v1::ChangeRequest wire;
  RETURN_IF_ERROR(database_.Read("change_request_get", [&](db::Tx& tx) -> absl::Status {
    auto view = FindChangeView(tx, scope, id);
    if (!view) return base::NotFound(name);
    if (MaySee(tx, scope, view->change)) RETURN_IF_ERROR(OpenValues(tx, keys_, &view->change));
    wire = ToWire(*view);
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::ChangeRequest> ChangeDoor::Request(rpc::Call& call,
                                                      const v1::RequestChangeRequest& request) {
  RequestChangeInput input;
  ASSIGN_OR_RETURN(input.wanted, WantedBy(request));
  input.reason = request.reason();
  ASSIGN_OR_RETURN(input.centre, CentreIn(request.centre(), "centre"));
  input.may_change = call.ScopeOf(PermissionOf(KindOf(input.wanted)));
  Change made;
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return RequestChange(work, keys_, input, &made);
                   }));
  if (request.validate_only()) return ToWire({made, answer.etag});
  return Read(call.scope(), answer.name);
}

template <class Decision>
absl::StatusOr<v1::ChangeRequest> ChangeDoor::Decide(rpc::Call& call, const Decision& request,
                                                     v1::ChangeState state,
                                                     ledger::Ledger::UseCase use_case) {
  ASSIGN_OR_RETURN(const ledger::Answer answer, call.Write(ledger_, request, use_case));
  ASSIGN_OR_RETURN(v1::ChangeRequest wire, Read(call.scope(), answer.name));
  if (request.validate_only()) {
    wire.set_state(state);
    wire.set_decider(call.identity().subject);
    wire.set_etag(ledger::FormatEtag(answer.etag));
  }
  return wire;
}

absl::StatusOr<v1::ChangeRequest> ChangeDoor::Approve(rpc::Call& call,
                                                      const v1::ApproveChangeRequest& request) {
  DecideChangeInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdOf(request.name()));
  // What it is of never changes.
  ASSIGN_OR_RETURN(const ChangeView known,
                   rpc::ReadOne(database_, "change_request_kind", request.name(), [&](db::Tx& tx) {
                     return FindChangeView(tx, call.scope(), input.id);
                   }));
  input.may_change = call.ScopeOf(PermissionOf(known.change.kind));
  return Decide(call, request, v1::CHANGE_STATE_APPROVED,
                [&](ledger::UnitOfWork& work) { return ApproveChange(work, keys_, input); });
}

absl::StatusOr<v1::ChangeRequest> ChangeDoor::Reject(rpc::Call& call,
                                                     const v1::RejectChangeRequest& request) {
  DecideChangeInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdOf(request.name()));
  ASSIGN_OR_RETURN(v1::ChangeRequest wire,
                   Decide(call, request, v1::CHANGE_STATE_REJECTED,
                          [&](ledger::UnitOfWork& work) { return RejectChange(work, input); }));
  if (request.validate_only()) wire.set_decide_reason(request.reason());
  return wire;
}

absl::StatusOr<v1::ChangeRequest> ChangeDoor::Withdraw(rpc::Call& call,
                                                       const v1::WithdrawChangeRequest& request) {
  DecideChangeInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdOf(request.name()));
  return Decide(call, request, v1::CHANGE_STATE_WITHDRAWN,
                [&](ledger::UnitOfWork& work) { return WithdrawChange(work, input); });
}

absl::StatusOr<v1::ChangeRequest> ChangeDoor::Get(rpc::Call& call,
                                                  const v1::GetChangeRequestRequest& request) {
  return Read(call.scope(), request.name());
}

absl::StatusOr<v1::ListChangeRequestsResponse> ChangeDoor::List(
    rpc::Call& call, const v1::ListChangeRequestsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ChangeList(), page_key_));
  v1::ListChangeRequestsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("change_request_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_change_requests() = ToWire(ReadChangeView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::SensitiveFieldSet> ChangeDoor::SetFields(
    rpc::Call& call, const v1::SetSensitiveFieldsRequest& request) {
  SetSensitiveFieldsInput input{.fields = {request.fields().begin(), request.fields().end()},
                                .etag = request.etag()};
  ASSIGN_OR_RETURN(input.centre, CentreIn(request.centre(), "centre"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return SetSensitiveFields(work, input);
                   }));
  v1::SensitiveFieldSet wire;
  if (request.validate_only()) {
    wire.set_name(answer.name);
    wire.set_centre(request.centre());
    *wire.mutable_fields() = request.fields();
    std::sort(wire.mutable_fields()->begin(), wire.mutable_fields()->end());
    wire.set_setter(call.identity().subject);
    wire.set_etag(ledger::FormatEtag(answer.etag));
    return wire;
  }
  RETURN_IF_ERROR(database_.ReadOne("sensitive_field_set_get", [&](db::Tx& tx) -> absl::Status {
    const auto view = FindFieldSet(tx, SensitiveFieldSetId(input.centre));
    if (!view) return base::NotFound(answer.name);
    wire = ToWire(*view);
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::ListSensitiveFieldSetsResponse> ChangeDoor::ListFieldSets(
    rpc::Call&, const v1::ListSensitiveFieldSetsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(request, FieldSetList(), page_key_));
  v1::ListSensitiveFieldSetsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("sensitive_field_set_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_sensitive_field_sets() = ToWire(ReadFieldSetView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
