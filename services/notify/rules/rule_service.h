// The gRPC door of rules.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/notify/v1/rule_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::notify {

class RuleDoor {
 public:
  RuleDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}
  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Rule> Create(rpc::Call& call, const v1::CreateRuleRequest& request);
  absl::StatusOr<v1::Rule> Get(rpc::Call& call, const v1::GetRuleRequest& request);
  absl::StatusOr<v1::ListRulesResponse> List(rpc::Call& call, const v1::ListRulesRequest& request);
  absl::StatusOr<v1::Rule> Update(rpc::Call& call, const v1::UpdateRuleRequest& request);

  absl::StatusOr<v1::Rule> Show(const std::string& name, int version);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::notify
