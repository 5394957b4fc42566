#include "services/registry/duplicates/duplicate_service.h"

#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/registry/duplicates/duplicate_commands.h"
#include "services/registry/duplicates/duplicate_store.h"
#include "services/registry/instants.h"
#include "services/registry/organizations/organization.h"

namespace ieum::registry {
namespace {

absl::StatusOr<base::Uuid> PairIdIn(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("duplicatePairs/{}", name, "name"));
  return ids[0];
}

v1::DuplicatePair ToWire(const DuplicatePairView& view) {
  const DuplicatePair& pair = view.pair;
  v1::DuplicatePair wire;
  wire.set_name(DuplicatePairName(pair.id));
  wire.set_person(PersonName(pair.person));
  wire.set_other_person(PersonName(pair.other));
  wire.set_score(pair.score);
  for (const v1::MatchField field : pair.matched) wire.add_matched_fields(field);
  wire.set_state(pair.state);
  *wire.mutable_create_time() = ToTimestamp(pair.created_at);
  if (pair.decided_at) *wire.mutable_decide_time() = ToTimestamp(*pair.decided_at);
  wire.set_decider(pair.decider);
  if (pair.centre) wire.set_centre(OrganizationName(*pair.centre));
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

v1::DuplicateScan ToWire(const DuplicateScanView& view) {
  const DuplicateScan& scan = view.scan;
  v1::DuplicateScan wire;
  wire.set_name(DuplicateScanName(scan.id));
  wire.set_state(scan.state);
  wire.set_scanned_count(scan.scanned);
  wire.set_person_count(scan.persons);
  wire.set_pair_count(scan.pairs);
  *wire.mutable_start_time() = ToTimestamp(scan.started_at);
  *wire.mutable_update_time() = ToTimestamp(scan.updated_at);
  wire.set_etag(ledger::FormatEtag(view.version));
  return wire;
}

}  // namespace

void DuplicateDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.registry.v1.DuplicateService");
  routes.Unary("GetDuplicatePair", this, &DuplicateDoor::GetPair);
  routes.Unary("ListDuplicatePairs", this, &DuplicateDoor::ListPairs);
  routes.Unary("DismissDuplicate", this, &DuplicateDoor::Dismiss);
  routes.Unary("StartDuplicateScan", this, &DuplicateDoor::StartScan);
  routes.Unary("GetDuplicateScan", this, &DuplicateDoor::GetScan);
}

absl::StatusOr<v1::DuplicatePair> DuplicateDoor::ReadPair(const rpc::Call& call,
                                                          const std::string& name) {
  ASSIGN_OR_RETURN(const base::Uuid id, PairIdIn(name));
  ASSIGN_OR_RETURN(const DuplicatePairView view,
                   rpc::ReadOne(database_, "duplicate_pair_get", name,
                                [&](db::Tx& tx) { return FindPair(tx, call.scope(), id); }));
  return ToWire(view);
}

absl::StatusOr<v1::DuplicateScan> DuplicateDoor::ReadScan(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn("duplicateScans/{}", name, "name"));
  ASSIGN_OR_RETURN(const DuplicateScanView view,
                   rpc::ReadOne(database_, "duplicate_scan_get", name,
                                [&](db::Tx& tx) { return FindScan(tx, ids[0]); }));
  return ToWire(view);
}

absl::StatusOr<v1::DuplicatePair> DuplicateDoor::GetPair(
    rpc::Call& call, const v1::GetDuplicatePairRequest& request) {
  return ReadPair(call, request.name());
}

absl::StatusOr<v1::ListDuplicatePairsResponse> DuplicateDoor::ListPairs(
    rpc::Call& call, const v1::ListDuplicatePairsRequest& request) {
  ASSIGN_OR_RETURN(const filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, DuplicatePairList(), page_key_));
  v1::ListDuplicatePairsResponse response;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("duplicate_pair_list", [&](db::Tx& tx) {
    response.Clear();
    next = query.Read(tx, [&](const db::Row& row) {
      *response.add_duplicate_pairs() = ToWire(ReadPairView(row));
    });
    return absl::OkStatus();
  }));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

absl::StatusOr<v1::DuplicatePair> DuplicateDoor::Dismiss(
    rpc::Call& call, const v1::DismissDuplicateRequest& request) {
  DismissDuplicateInput input{.etag = request.etag()};
  ASSIGN_OR_RETURN(input.id, PairIdIn(request.name()));
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request, [&](ledger::UnitOfWork& work) {
                     return DismissDuplicate(work, input);
                   }));
  return ReadPair(call, answer.name);
}

absl::StatusOr<v1::DuplicateScan> DuplicateDoor::StartScan(
    rpc::Call& call, const v1::StartDuplicateScanRequest& request) {
  ASSIGN_OR_RETURN(const ledger::Answer answer,
                   call.Write(ledger_, request,
                              [](ledger::UnitOfWork& work) { return StartDuplicateScan(work); }));
  return ReadScan(answer.name);
}

absl::StatusOr<v1::DuplicateScan> DuplicateDoor::GetScan(
    rpc::Call&, const v1::GetDuplicateScanRequest& request) {
  return ReadScan(request.name());
}

}  // namespace ieum::registry
