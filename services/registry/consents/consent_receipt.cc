#include "services/registry/consents/consent_receipt.h"

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {

std::string ConsentReceiptName(const base::Uuid& person, const base::Uuid& id) {
  return absl::StrCat("persons/", person.ToString(), "/consentReceipts/", id.ToString());
}

absl::Status RequireRefused(const ConsentReceipt& receipt) {
  if (!receipt.allowed()) return absl::OkStatus();
  return base::Forbidden(v1::ERROR_REASON_CONSENT_NOT_REFUSED,
                         "the receipt allows it; there is nothing to override");
}

}  // namespace ieum::registry
