// The gRPC door of case templates.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/casemgmt/v1/case_template_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/call.h"
#include "platform/rpc/router.h"

namespace ieum::casemgmt {

// Thread-safe; what it is given outlives it.
class CaseTemplateDoor {
 public:
  CaseTemplateDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Key& page_key)
      : database_(database), ledger_(ledger), page_key_(page_key) {}

  void Serve(rpc::Router& router);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::CaseTemplate> Create(Call&, const v1::CreateCaseTemplateRequest&);
  absl::StatusOr<v1::CaseTemplate> Publish(Call&, const v1::PublishCaseTemplateRequest&);
  absl::StatusOr<v1::CaseTemplate> Get(Call&, const v1::GetCaseTemplateRequest&);
  absl::StatusOr<v1::ListCaseTemplatesResponse> List(Call&, const v1::ListCaseTemplatesRequest&);
  absl::StatusOr<v1::CaseTemplate> Read(const Call& call, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::casemgmt
