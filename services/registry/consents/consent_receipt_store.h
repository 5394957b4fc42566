// The table `consent_receipt`, of which rows are only ever added.
#pragma once

#include <optional>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/consents/consent_receipt.h"

namespace ieum::registry {

// False when there is one that overrides the same receipt, or has the id.
bool InsertConsentReceipt(db::Tx& tx, const ConsentReceipt& receipt);

// A receipt as answered, with its person's version.
struct ConsentReceiptView {
  ConsentReceipt receipt;
  int64_t version = 0;
};
std::optional<ConsentReceiptView> FindConsentReceipt(db::Tx& tx, const base::Scope& scope,
                                                     const base::Uuid& id);
const filter::ListSpec& ConsentReceiptList();
ConsentReceiptView ReadConsentReceiptView(const db::Row& row);

}  // namespace ieum::registry
