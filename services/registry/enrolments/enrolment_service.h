// The gRPC door of enrolments.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "ieum/registry/v1/enrolment_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class EnrolmentDoor {
 public:
  EnrolmentDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
                const crypto::Key& page_key)
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Enrolment> Create(rpc::Call& call, const v1::CreateEnrolmentRequest& request);
  absl::StatusOr<v1::Enrolment> Get(rpc::Call& call, const v1::GetEnrolmentRequest& request);
  absl::StatusOr<v1::ListEnrolmentsResponse> List(rpc::Call& call,
                                                  const v1::ListEnrolmentsRequest& request);
  absl::StatusOr<v1::Enrolment> Activate(rpc::Call& call,
                                         const v1::ActivateEnrolmentRequest& request);
  absl::StatusOr<v1::Enrolment> Complete(rpc::Call& call,
                                         const v1::CompleteEnrolmentRequest& request);
  absl::StatusOr<v1::Enrolment> Withdraw(rpc::Call& call,
                                         const v1::WithdrawEnrolmentRequest& request);
  absl::StatusOr<v1::Enrolment> Accept(rpc::Call& call, const v1::AcceptOfferRequest& request);
  absl::StatusOr<v1::Enrolment> Decline(rpc::Call& call, const v1::DeclineOfferRequest& request);

 private:
  // As it is, or as it was known at the instant.
  absl::StatusOr<v1::Enrolment> Read(const rpc::Call& call, const std::string& name,
                                     const std::optional<absl::Time>& instant = std::nullopt);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
