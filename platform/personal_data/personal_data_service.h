// The door of `ieum.platform.v1.PersonalDataService`: the same for every service. What is held is
// what the service's holdings say.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "platform/base/scope.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/db/database.h"
#include "platform/personal_data/held.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::personal_data {

// Where persons are kept: NOT_FOUND for one whom the scope does not hold; else names the records
// that were merged into hers, and the one that stands for her. Empty elsewhere.
using Identify = std::function<absl::Status(db::Tx&, const base::Scope&, const base::Uuid& person,
                                            platform::v1::ExportPersonalDataResponse*)>;

struct DoorOptions {
  std::string service;  // "registry"
  Holdings holdings;
  const crypto::Vault* vault = nullptr;  // null = nothing is sealed here
  Identify identify = {};
};

// Thread-safe; database, vault and key outlive it.
class PersonalDataDoor {
 public:
  PersonalDataDoor(db::Database& database, DoorOptions options, const crypto::Key& page_key);
  void Serve(rpc::Router& router);

  absl::StatusOr<platform::v1::ExportPersonalDataResponse> Export(
      rpc::Call& call, const platform::v1::ExportPersonalDataRequest& request);

 private:
  void AddKinds(platform::v1::ExportPersonalDataResponse* response) const;

  db::Database& database_;
  const DoorOptions options_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::personal_data
