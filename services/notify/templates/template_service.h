// The gRPC door of templates.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/notify/v1/template_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::notify {

class TemplateDoor {
 public:
  TemplateDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}
  void Serve(rpc::Router& router);

 private:
  absl::StatusOr<v1::Template> Create(rpc::Call& call, const v1::CreateTemplateRequest& request);
  absl::StatusOr<v1::Template> Get(rpc::Call& call, const v1::GetTemplateRequest& request);
  absl::StatusOr<v1::ListTemplatesResponse> List(rpc::Call& call,
                                                 const v1::ListTemplatesRequest& request);
  absl::StatusOr<v1::Template> Update(rpc::Call& call, const v1::UpdateTemplateRequest& request);

  absl::StatusOr<v1::Template> Show(const std::string& name, int version);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::notify
