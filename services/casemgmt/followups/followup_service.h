// The gRPC door of retention checks.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/followup_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/followups/retention_commands.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class FollowUpDoor {
 public:
  FollowUpDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::BeginFollowUpResponse> Begin(Call&, const v1::BeginFollowUpRequest&);
  absl::StatusOr<v1::RetentionCheck> Get(Call&, const v1::GetRetentionCheckRequest&);
  absl::StatusOr<v1::ListRetentionChecksResponse> List(Call&,
                                                       const v1::ListRetentionChecksRequest&);
  absl::StatusOr<v1::RetentionCheck> Log(Call&, const v1::LogRetentionAttemptRequest&);
  absl::StatusOr<v1::RetentionCheck> Record(Call&, const v1::RecordRetentionResultRequest&);
  absl::StatusOr<v1::RetentionCheck> Correct(Call&, const v1::CorrectRetentionResultRequest&);

  absl::StatusOr<v1::ListRetentionChecksResponse> PageOf(
      const Call& call, const v1::ListRetentionChecksRequest& request);
  absl::StatusOr<v1::RetentionCheck> Read(const Call& call, const std::string& name);
  // Runs the use case and answers with the check that it names.
  absl::StatusOr<v1::RetentionCheck> Write(Call& call, const google::protobuf::Message& request,
                                           ledger::Ledger::UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::casemgmt
