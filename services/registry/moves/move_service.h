// The gRPC door of moves.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/move_service.pb.h"
#include "platform/base/scope.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class MoveDoor {
 public:
  MoveDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Move> Request(rpc::Call& call, const v1::RequestMoveRequest& request);
  absl::StatusOr<v1::Move> Accept(rpc::Call& call, const v1::AcceptMoveRequest& request);
  absl::StatusOr<v1::Move> Decline(rpc::Call& call, const v1::DeclineMoveRequest& request);
  absl::StatusOr<v1::Move> Cancel(rpc::Call& call, const v1::CancelMoveRequest& request);
  absl::StatusOr<v1::Move> Get(rpc::Call& call, const v1::GetMoveRequest& request);
  absl::StatusOr<v1::ListMovesResponse> List(rpc::Call& call, const v1::ListMovesRequest& request);

 private:
  absl::StatusOr<v1::Move> Read(const base::Scope& scope, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
