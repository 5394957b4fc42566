// The gRPC door of grants. Whether the caller may give what he asks for is decided here, by what he
// holds himself.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/access_service.pb.h"
#include "platform/access/grant_book.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/roles.h"
#include "platform/rpc/router.h"
#include "platform/telemetry/metrics.h"
#include "services/registry/access/access_commands.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class AccessDoor {
 public:
  struct Parts {
    db::Database& database;
    ledger::Ledger& ledger;
    const rpc::Roles& roles;
    access::GrantBook& book;
    const crypto::Key& page_key;
    std::optional<base::Uuid> always_told;  // a person, of every broken glass
    telemetry::Metrics& metrics;
  };
  explicit AccessDoor(const Parts& parts);

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Grant> Give(rpc::Call& call, const v1::GiveGrantRequest& request);
  absl::StatusOr<v1::Grant> Revoke(rpc::Call& call, const v1::RevokeGrantRequest& request);
  absl::StatusOr<v1::Subject> Close(rpc::Call& call, const v1::CloseSubjectRequest& request);
  absl::StatusOr<v1::Subject> Reopen(rpc::Call& call, const v1::ReopenSubjectRequest& request);
  absl::StatusOr<v1::Subject> Get(rpc::Call& call, const v1::GetSubjectRequest& request);
  absl::StatusOr<v1::ListGrantsResponse> List(rpc::Call& call,
                                              const v1::ListGrantsRequest& request);
  absl::StatusOr<v1::Grant> Break(rpc::Call& call, const v1::BreakGlassRequest& request);

 private:
  absl::Status CheckMayGive(const rpc::Call& call, const v1::GiveGrantRequest& request,
                            const std::optional<base::Uuid>& centre) const;
  // Runs the command and lets it count in this process before it is answered.
  absl::StatusOr<ledger::Answer> Write(rpc::Call& call, const google::protobuf::Message& request,
                                       ledger::Ledger::UseCase use_case);
  absl::StatusOr<v1::Grant> ReadGrant(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::Subject> ReadSubject(const base::Scope& scope, const std::string& name);

  absl::StatusOr<ledger::Answer> WriteBreak(rpc::Call& call, const v1::BreakGlassRequest& request,
                                            const BreakGlassInput& input);
  // Glass that was broken and told of, and glass that was to be broken and was not.
  void CountBreak(const absl::Status& outcome);

  const Parts parts_;
  prometheus::Counter& told_;
  prometheus::Counter& refused_;
};

}  // namespace ieum::registry
