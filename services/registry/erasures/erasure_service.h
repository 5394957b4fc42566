// The gRPC door of erasures, holds and retention.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/erasure_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class ErasureDoor {
 public:
  ErasureDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
              const crypto::Key& page_key)
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Erasure> Erase(rpc::Call& call, const v1::ErasePersonRequest& request);
  absl::StatusOr<v1::PersonApart> KeepApart(rpc::Call& call,
                                            const v1::KeepPersonApartRequest& request);
  absl::StatusOr<v1::OpenedPerson> OpenApart(rpc::Call& call,
                                             const v1::OpenPersonApartRequest& request);
  absl::StatusOr<v1::PutPersonBackResponse> PutBack(rpc::Call& call,
                                                    const v1::PutPersonBackRequest& request);
  absl::StatusOr<v1::Erasure> Get(rpc::Call& call, const v1::GetErasureRequest& request);
  absl::StatusOr<v1::ListErasuresResponse> List(rpc::Call& call,
                                                const v1::ListErasuresRequest& request);
  absl::StatusOr<v1::ConfirmErasureResponse> Confirm(rpc::Call& call,
                                                     const v1::ConfirmErasureRequest& request);
  absl::StatusOr<v1::LegalHold> CreateHold(rpc::Call& call,
                                           const v1::CreateLegalHoldRequest& request);
  absl::StatusOr<v1::LegalHold> GetHold(rpc::Call& call, const v1::GetLegalHoldRequest& request);
  absl::StatusOr<v1::ListLegalHoldsResponse> ListHolds(rpc::Call& call,
                                                       const v1::ListLegalHoldsRequest& request);
  absl::StatusOr<v1::LegalHold> ReleaseHold(rpc::Call& call,
                                            const v1::ReleaseLegalHoldRequest& request);
  absl::StatusOr<v1::ListRetentionRulesResponse> ListRules(
      rpc::Call& call, const v1::ListRetentionRulesRequest& request);
  absl::StatusOr<v1::RetentionRun> Run(rpc::Call& call, const v1::RunRetentionRequest& request);
  absl::StatusOr<v1::RetentionRun> GetRun(rpc::Call& call,
                                          const v1::GetRetentionRunRequest& request);

 private:
  absl::StatusOr<v1::Erasure> ReadErasure(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::LegalHold> ReadHold(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::RetentionRun> ReadRun(const std::string& name);
  absl::StatusOr<v1::RetentionRun> DryRun(const std::vector<std::string>& rules, int limit,
                                          absl::Time now);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
