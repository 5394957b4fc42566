#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/erasure_service.h"
#include "services/registry/erasures/hold_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> HoldIdIn(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("legalHolds/{}", name, "name"));
  return ids[0];
}

v1::LegalHold ToWire(const LegalHoldView& view) {
  const LegalHold& hold = view.hold;
  v1::LegalHold wire;
  wire.set_name(LegalHoldName(hold.id));
  wire.set_person(PersonName(hold.person_id));
  wire.set_reason(hold.reason);
  if (hold.end_date) wire.set_end_date(base::FormatDay(*hold.end_date));
  *wire.mutable_place_time() = ToTimestamp(hold.placed_at);
  wire.set_placer(hold.placer);
  if (hold.released_at) *wire.mutable_release_time() = ToTimestamp(*hold.released_at);
  wire.set_releaser(hold.releaser);
  wire.set_release_reason(hold.release_reason);
  if (hold.centre) wire.set_centre(OrganizationName(*hold.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace

absl::StatusOr<v1::LegalHold> ErasureDoor::ReadHold(const rpc::Call& call,
                                                    const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, HoldIdIn(name));
  ASSIGN_OR_RETURN(const LegalHoldView view,
                   rpc::ReadOne(database_, "legal_hold_get", name,
                                [&](db::Tx& tx) { return FindHold(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::LegalHold> ErasureDoor::CreateHold(rpc::Call& call,
                                                      const v1::CreateLegalHoldRequest& request) {
  PlaceHoldInput input{.reason = request.legal_hold().reason(),
                       .end_date = request.legal_hold().end_date()};
  ASSIGN_OR_RETURN(const auto ids,
                   base::IdsIn("persons/{}", request.legal_hold().person(), "legal_hold.person"));
  input.person_id = ids[0];
  if (!request.legal_hold_id().empty()) {
    ASSIGN_OR_RETURN(input.id, base::ParseUuid(request.legal_hold_id(), "legal_hold_id"));
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [&](ledger::UnitOfWork& work) { return PlaceHold(work, input); }));
  return ReadHold(call, answer.name);
}

absl::StatusOr<v1::LegalHold> ErasureDoor::GetHold(rpc::Call& call,
                                                   const v1::GetLegalHoldRequest& request) {
  return ReadHold(call, request.name());
}

absl::StatusOr<v1::ListLegalHoldsResponse> ErasureDoor::ListHolds(
    rpc::Call& call, const v1::ListLegalHoldsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, LegalHoldList(), page_key_));
  v1::ListLegalHoldsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("legal_hold_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(
        tx, [&](const db::Row& row) { *response.add_legal_holds() = ToWire(ReadHoldView(row)); });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::LegalHold> ErasureDoor::ReleaseHold(rpc::Call& call,
                                                       const v1::ReleaseLegalHoldRequest& request) {
  ReleaseHoldInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, HoldIdIn(request.name()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return registry::ReleaseHold(work, input);
                   }));
  return ReadHold(call, answer.name);
}

}  // namespace ieum::registry
