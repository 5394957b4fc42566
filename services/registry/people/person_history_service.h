// What is read of a person's past: her values at an instant, and who changed them. A part of the
// door of people.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/person_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class PersonHistoryDoor {
 public:
  PersonHistoryDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
                    const crypto::Key& page_key)
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key) {}

  void Serve(rpc::ServiceRoutes& routes);

  // For a request with `read_time`.
  absl::StatusOr<v1::Person> GetThen(const rpc::Call& call, const v1::GetPersonRequest& request);
  absl::StatusOr<v1::ListPersonChangesResponse> ListChanges(
      rpc::Call& call, const v1::ListPersonChangesRequest& request);

 private:
  absl::Status AddFields(db::Tx& tx, const rpc::Call& call, const base::Uuid& person,
                         v1::ListPersonChangesResponse* response) const;

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
