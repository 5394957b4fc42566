// The table `consent_receipt`, of which rows are only ever added; when a person is erased the words
// go in which somebody said why he overrode a gate.
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
void ForgetOverrideWords(db::Tx& tx, const base::Uuid& person);
const filter::ListSpec& ConsentReceiptList();
ConsentReceiptView ReadConsentReceiptView(const db::Row& row);

}  // namespace ieum::registry
