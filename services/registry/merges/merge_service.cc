#include "services/registry/merges/merge_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/instants.h"
#include "services/registry/merges/merge_commands.h"
#include "services/registry/merges/merge_store.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, field));
  return ids[0];
}

v1::Merge ToWire(const PersonMergeView& view) {
  const PersonMerge& merge = view.merge;
  v1::Merge wire;
  wire.set_name(MergeName(merge.id));
  wire.set_survivor(PersonName(merge.survivor));
  wire.set_duplicate(PersonName(merge.duplicate));
  wire.mutable_taken_fields()->Assign(merge.taken_fields.begin(), merge.taken_fields.end());
  wire.set_reason(merge.reason);
  wire.set_state(merge.state);
  wire.mutable_effects()->Assign(merge.effects.begin(), merge.effects.end());
  *wire.mutable_create_time() = ToTimestamp(merge.created_at);
  wire.set_merger(merge.merger);
  if (merge.undone_at) *wire.mutable_undo_time() = ToTimestamp(*merge.undone_at);
  wire.set_undoer(merge.undoer);
  wire.set_undo_reason(merge.undo_reason);
  if (merge.centre) wire.set_centre(OrganizationName(*merge.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace

void MergeDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.MergeService");
  routes.Unary("MergePersons", this, &MergeDoor::Merge);
  routes.Unary("UndoMerge", this, &MergeDoor::Undo);
  routes.Unary("GetMerge", this, &MergeDoor::Get);
  routes.Unary("ListMerges", this, &MergeDoor::List);
}

absl::StatusOr<v1::Merge> MergeDoor::Read(const base::Scope& scope, const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("merges/{}", name, "name"));
  ASSIGN_OR_RETURN(const PersonMergeView view,
                   rpc::ReadOne(database_, "merge_get", name,
                                [&](db::Tx& tx) { return FindMerge(tx, scope, id); }));
  return ToWire(view);
}

absl::StatusOr<v1::Merge> MergeDoor::Rehearsed(const rpc::Call& call,
                                               const v1::MergePersonsRequest& request,
                                               const base::Uuid& duplicate,
                                               const ledger::Answer& answer) {
  v1::Merge wire;
  wire.set_name(answer.name);
  wire.set_survivor(request.survivor());
  wire.set_duplicate(request.duplicate());
  *wire.mutable_taken_fields() = request.taken_fields();
  wire.set_reason(request.reason());
  wire.set_state(v1::MERGE_STATE_MERGED);
  wire.set_merger(call.identity().subject);
  wire.set_etag(ledger::FormatEtag(answer.etag));
  RETURN_IF_ERROR(database_.Read("merge_rehearse", [&](db::Tx& tx) {
    const auto effects = CountNamed(tx, duplicate);
    wire.mutable_effects()->Assign(effects.begin(), effects.end());
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Merge> MergeDoor::Merge(rpc::Call& call,
                                           const v1::MergePersonsRequest& request) {
  MergePersonsInput input{
      .taken_fields = {request.taken_fields().begin(), request.taken_fields().end()},
      .reason = request.reason(),
      .survivor_etag = request.survivor_etag(),
      .duplicate_etag = request.duplicate_etag()};
  ASSIGN_OR_RETURN(input.survivor, IdIn("persons/{}", request.survivor(), "survivor"));
  ASSIGN_OR_RETURN(input.duplicate, IdIn("persons/{}", request.duplicate(), "duplicate"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return MergePersons(work, keys_, input);
                   }));
  if (request.validate_only()) return Rehearsed(call, request, input.duplicate, answer);
  // Who merged over two centres that he acts for hears what he did, though from then on it is there
  // for who acts for all.
  return Read(base::Scope::Everywhere(), answer.name);
}

absl::StatusOr<v1::Merge> MergeDoor::Undo(rpc::Call& call, const v1::UndoMergeRequest& request) {
  UndoMergeInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdIn("merges/{}", request.name(), "name"));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return UndoMerge(work, keys_, input);
                   }));
  ASSIGN_OR_RETURN(v1::Merge wire, Read(call.scope(), answer.name));
  if (request.validate_only()) {
    wire.set_state(v1::MERGE_STATE_UNDONE);
    wire.set_undoer(call.identity().subject);
    wire.set_undo_reason(request.reason());
    wire.set_etag(ledger::FormatEtag(answer.etag));
  }
  return wire;
}

absl::StatusOr<v1::Merge> MergeDoor::Get(rpc::Call& call, const v1::GetMergeRequest& request) {
  return Read(call.scope(), request.name());
}

absl::StatusOr<v1::ListMergesResponse> MergeDoor::List(rpc::Call& call,
                                                       const v1::ListMergesRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, MergeList(), page_key_));
  v1::ListMergesResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("merge_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_merges() = ToWire(ReadMergeView(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::registry
