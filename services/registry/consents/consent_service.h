// The gRPC door of consents. Its receipts have a file of their own: consent_receipt_service.cc.
#pragma once

#include "absl/status/statusor.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "platform/crypto/seal.h"
#include "platform/db/database.h"
#include "platform/db/person_keys.h"
#include "platform/ledger/ledger.h"
#include "platform/rpc/router.h"

namespace ieum::registry {

// Thread-safe; what it is given outlives it.
class ConsentDoor {
 public:
  ConsentDoor(db::Database& database, ledger::Ledger& ledger, const crypto::Vault& vault,
              const crypto::Key& page_key)
      : database_(database), ledger_(ledger), keys_(vault), page_key_(page_key) {}

  void Serve(rpc::Router& router);

  absl::StatusOr<v1::ConsentText> CreateText(rpc::Call& call,
                                             const v1::CreateConsentTextRequest& request);
  absl::StatusOr<v1::ConsentText> GetText(rpc::Call& call,
                                          const v1::GetConsentTextRequest& request);
  absl::StatusOr<v1::ListConsentTextsResponse> ListTexts(
      rpc::Call& call, const v1::ListConsentTextsRequest& request);
  absl::StatusOr<v1::Consent> Record(rpc::Call& call, const v1::RecordConsentRequest& request);
  absl::StatusOr<v1::WithdrawConsentsResponse> Withdraw(rpc::Call& call,
                                                        const v1::WithdrawConsentsRequest& request);
  absl::StatusOr<v1::Consent> Get(rpc::Call& call, const v1::GetConsentRequest& request);
  absl::StatusOr<v1::ListConsentsResponse> List(rpc::Call& call,
                                                const v1::ListConsentsRequest& request);

  absl::StatusOr<v1::ConsentReceipt> AuthorizeProvision(
      rpc::Call& call, const v1::AuthorizeProvisionRequest& request);
  absl::StatusOr<v1::ConsentReceipt> AuthorizePublication(
      rpc::Call& call, const v1::AuthorizePublicationRequest& request);
  absl::StatusOr<v1::ConsentReceipt> Override(rpc::Call& call,
                                              const v1::OverrideConsentReceiptRequest& request);
  absl::StatusOr<v1::ConsentReceipt> GetReceipt(rpc::Call& call,
                                                const v1::GetConsentReceiptRequest& request);
  absl::StatusOr<v1::ListConsentReceiptsResponse> ListReceipts(
      rpc::Call& call, const v1::ListConsentReceiptsRequest& request);

 private:
  absl::StatusOr<v1::ListConsentTextsResponse> PageOfTexts(
      const rpc::Call& call, const v1::ListConsentTextsRequest& request);
  absl::StatusOr<v1::ConsentText> ReadText(const std::string& name);
  absl::StatusOr<v1::Consent> ReadConsent(const rpc::Call& call, const std::string& name);
  absl::StatusOr<v1::ConsentReceipt> ReadReceipt(const rpc::Call& call, const std::string& name);

  db::Database& database_;
  ledger::Ledger& ledger_;
  const db::PersonKeys keys_;
  const crypto::Key& page_key_;
};

}  // namespace ieum::registry
