// The gRPC door of transfers.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/transfer_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"
#include "services/casemgmt/references/holiday_book.h"
#include "services/casemgmt/references/provision_book.h"
#include "services/casemgmt/references/staff_book.h"
#include "services/casemgmt/transfers/transfer_commands.h"
#include "services/casemgmt/transfers/transfer_store.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class TransferDoor {
 public:
  using Call = rpc::Call;
  TransferDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
               const crypto::Key& page_key, HolidayBook& holidays, StaffBook& staff,
               ProvisionBook& provisions)
      : database_(database),
        ledger_(ledger),
        keys_(vault),
        page_key_(page_key),
        holidays_(holidays),
        staff_(staff),
        provisions_(provisions) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::Transfer> Ask(Call& call, const v1::AskTransferRequest& request);
  absl::StatusOr<v1::Transfer> Accept(Call& call, const v1::AcceptTransferRequest& request);
  absl::StatusOr<v1::Transfer> Reject(Call& call, const v1::RejectTransferRequest& request);
  absl::StatusOr<v1::Transfer> Withdraw(Call& call, const v1::WithdrawTransferRequest& request);
  absl::StatusOr<v1::Transfer> Get(Call& call, const v1::GetTransferRequest& request);
  absl::StatusOr<v1::ListTransfersResponse> List(Call& call,
                                                 const v1::ListTransfersRequest& request);

 private:
  absl::StatusOr<v1::Transfer> Read(const Call& call, const std::string& name);
  absl::StatusOr<v1::Transfer> Write(Call& call, const google::protobuf::Message& request,
                                     ledger::Ledger::UseCase use_case);
  // As registry knows who acts, and as her consent says now.
  absl::StatusOr<AcceptTransferInput> AcceptanceOf(Call& call,
                                                   const v1::AcceptTransferRequest& request);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
  HolidayBook& holidays_;
  StaffBook& staff_;
  ProvisionBook& provisions_;
};

}  // namespace ieum::casemgmt
