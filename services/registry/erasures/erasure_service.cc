#include "services/registry/erasures/erasure_service.h"

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "platform/base/status.h"
#include "platform/rpc/identity.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/erasures/erasure_commands.h"
#include "services/registry/erasures/erasure_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"
#include "services/registry/people/person.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> IdIn(const char* pattern, const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(pattern, name, "name"));
  return ids[0];
}

v1::Erasure ToWire(const ErasureRecord& record, const std::vector<Confirmation>& confirmations) {
  v1::Erasure wire = record.parts;
  wire.set_name(ErasureName(record.id));
  wire.set_number(record.number);
  wire.set_person(PersonName(record.person_id));
  wire.set_reason(record.reason);
  wire.set_rule(record.rule);
  *wire.mutable_erase_time() = ToTimestamp(record.erased_at);
  wire.set_eraser(record.eraser);
  wire.set_record_hash(absl::BytesToHexString(record.hash));
  if (record.centre) wire.set_centre(OrganizationName(*record.centre));
  for (const Confirmation& each : confirmations) {
    v1::ErasureConfirmation& confirmation = *wire.add_confirmations();
    confirmation.set_service(each.service);
    confirmation.set_key_destroyed(each.key_destroyed);
    if (each.destroyed_at) *confirmation.mutable_destroy_time() = ToTimestamp(*each.destroyed_at);
    *confirmation.mutable_confirm_time() = ToTimestamp(each.confirmed_at);
  }
  const auto missing = Missing(confirmations);
  wire.mutable_missing_services()->Assign(missing.begin(), missing.end());
  return wire;
}

}  // namespace

void ErasureDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.ErasureService");
  routes.Unary("ErasePerson", this, &ErasureDoor::Erase);
  routes.Unary("KeepPersonApart", this, &ErasureDoor::KeepApart);
  routes.Unary("OpenPersonApart", this, &ErasureDoor::OpenApart);
  routes.Unary("PutPersonBack", this, &ErasureDoor::PutBack);
  routes.Unary("GetErasure", this, &ErasureDoor::Get);
  routes.Unary("ListErasures", this, &ErasureDoor::List);
  routes.Unary("ConfirmErasure", this, &ErasureDoor::Confirm);
  routes.Unary("CreateLegalHold", this, &ErasureDoor::CreateHold);
  routes.Unary("GetLegalHold", this, &ErasureDoor::GetHold);
  routes.Unary("ListLegalHolds", this, &ErasureDoor::ListHolds);
  routes.Unary("ReleaseLegalHold", this, &ErasureDoor::ReleaseHold);
  routes.Unary("ListRetentionRules", this, &ErasureDoor::ListRules);
  routes.Unary("RunRetention", this, &ErasureDoor::Run);
  routes.Unary("GetRetentionRun", this, &ErasureDoor::GetRun);
}

absl::StatusOr<v1::Erasure> ErasureDoor::ReadErasure(const rpc::Call& call,
                                                     const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("erasures/{}", name));
  v1::Erasure wire;
  RETURN_IF_ERROR(database_.Read("erasure_get", [&](db::Tx& tx) -> absl::Status {
    const auto record = FindRecord(tx, call.scope(), id);
    if (!record) return base::NotFound(name);
    wire = ToWire(*record, FindConfirmations(tx, {id})[id]);
    return absl::OkStatus();
  }));
  return wire;
}

absl::StatusOr<v1::Erasure> ErasureDoor::Erase(rpc::Call& call,
                                               const v1::ErasePersonRequest& request) {
  ErasePersonInput input{.reason = request.reason(), .etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, IdIn("persons/{}", request.name()));
  if (request.validate_only()) {
    ASSIGN_OR_RETURN(const absl::Time now, ledger_.clock().Now());
    v1::Erasure rehearsed;
    RETURN_IF_ERROR(database_.Read("erasure_rehearse", [&](db::Tx& tx) -> absl::Status {
      ASSIGN_OR_RETURN(rehearsed, RehearseErasure(tx, call.scope(), input, now));
      return absl::OkStatus();
    }));
    return rehearsed;
  }
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return ErasePerson(work, keys_, input);
                   }));
  return ReadErasure(call, answer.name);
}

absl::StatusOr<v1::Erasure> ErasureDoor::Get(rpc::Call& call,
                                             const v1::GetErasureRequest& request) {
  return ReadErasure(call, request.name());
}

absl::StatusOr<v1::ListErasuresResponse> ErasureDoor::List(rpc::Call& call,
                                                           const v1::ListErasuresRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, ErasureList(), page_key_));
  v1::ListErasuresResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("erasure_list", [&](db::Tx& tx) {
    response.Clear();
    std::vector<ErasureRecord> records;
    std::vector<base::Uuid> ids;
    next = query.Read(tx, [&](const db::Row& row) { records.push_back(ReadRecord(row)); });
    for (const ErasureRecord& record : records) ids.push_back(record.id);
    auto confirmations = FindConfirmations(tx, ids);
    for (const ErasureRecord& record : records) {
      *response.add_erasures() = ToWire(record, confirmations[record.id]);
    }
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

// Which service it is, its token or certificate says, and no field.
absl::StatusOr<v1::ConfirmErasureResponse> ErasureDoor::Confirm(
    rpc::Call& call, const v1::ConfirmErasureRequest& request) {
  if (!rpc::IsService(call.identity().subject)) {
    return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                       "only a service says what it has destroyed");
  }
  ConfirmErasureInput input;
  ASSIGN_OR_RETURN(input.id, IdIn("erasures/{}", request.name()));
  input.service = std::string(absl::StripPrefix(call.identity().subject, "service/"));
  input.key_destroyed = request.key_destroyed();
  input.destroyed_at = FromTimestamp(request.destroy_time());
  RETURN_IF_ERROR(call.Write(ledger_, request,
                             [&](ledger::UnitOfWork& work) { return ConfirmErasure(work, input); })
                      .status());
  return v1::ConfirmErasureResponse();
}

}  // namespace ieum::registry
