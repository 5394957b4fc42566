// The gRPC door of programmes and their editions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/programme_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class ProgrammeDoor {
 public:
  ProgrammeDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Programme> Create(rpc::Call& call, const v1::CreateProgrammeRequest& request);
  absl::StatusOr<v1::Programme> Get(rpc::Call& call, const v1::GetProgrammeRequest& request);
  absl::StatusOr<v1::ListProgrammesResponse> List(rpc::Call& call,
                                                  const v1::ListProgrammesRequest& request);
  absl::StatusOr<v1::Programme> Update(rpc::Call& call, const v1::UpdateProgrammeRequest& request);
  absl::StatusOr<v1::Edition> CreateEdition(rpc::Call& call,
                                            const v1::CreateEditionRequest& request);
  absl::StatusOr<v1::Edition> GetEdition(rpc::Call& call, const v1::GetEditionRequest& request);
  absl::StatusOr<v1::ListEditionsResponse> ListEditions(rpc::Call& call,
                                                        const v1::ListEditionsRequest& request);
  absl::StatusOr<v1::Edition> UpdateEdition(rpc::Call& call,
                                            const v1::UpdateEditionRequest& request);
  absl::StatusOr<v1::Edition> Copy(rpc::Call& call, const v1::CopyEditionRequest& request);
  absl::StatusOr<v1::Edition> Approve(rpc::Call& call, const v1::ApproveEditionRequest& request);
  absl::StatusOr<v1::Edition> Advance(rpc::Call& call, const v1::AdvanceEditionRequest& request);

 private:
  absl::StatusOr<v1::Programme> Read(const std::string& name);
  absl::StatusOr<v1::Edition> ReadOneEdition(const std::string& name);
  template <class Request, class UseCase>
  absl::StatusOr<v1::Edition> WriteEdition(rpc::Call& call, const Request& request,
                                           UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
