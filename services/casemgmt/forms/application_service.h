// The gRPC door of forms.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/form_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class FormDoor {
 public:
  FormDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Application> Create(Call&, const v1::CreateApplicationRequest&);
  absl::StatusOr<v1::Application> Get(Call&, const v1::GetApplicationRequest&);
  absl::StatusOr<v1::ListApplicationsResponse> List(Call&, const v1::ListApplicationsRequest&);
  absl::StatusOr<v1::Application> Update(Call&, const v1::UpdateApplicationRequest&);
  absl::StatusOr<v1::Application> Submit(Call&, const v1::SubmitApplicationRequest&);
  absl::StatusOr<v1::Application> Receive(Call&, const v1::ReceiveApplicationRequest&);
  absl::StatusOr<v1::Application> Withdraw(Call&, const v1::WithdrawApplicationRequest&);
  absl::StatusOr<v1::Application> Forward(Call&, const v1::ForwardApplicationRequest&);
  absl::StatusOr<v1::Application> RecordResult(Call&, const v1::RecordExternalResultRequest&);

  absl::StatusOr<v1::ListApplicationsResponse> PageOf(const Call& call,
                                                      const v1::ListApplicationsRequest& request);
  absl::StatusOr<v1::Application> Read(const Call& call, const base::Uuid& id);
  // Runs the use case and answers with what it made.
  absl::StatusOr<v1::Application> Write(Call& call, const google::protobuf::Message& request,
                                        const base::Uuid& id, ledger::Ledger::UseCase use_case);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::casemgmt
