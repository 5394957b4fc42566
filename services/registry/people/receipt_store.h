// The table `contact_receipt`: for each address asked for, who asked, when, for whom, what for, on
// which basis or consent and with which answer. Rows are only ever added.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

struct Receipt {
  base::Uuid id;
  base::Uuid person_id;
  v1::LegalBasis basis = v1::LEGAL_BASIS_UNSPECIFIED;
  v1::ContactRefusal refusal = v1::CONTACT_REFUSAL_UNSPECIFIED;  // unspecified = given
  v1::ContactPurpose purpose = v1::CONTACT_PURPOSE_UNSPECIFIED;
  std::string message_reference;
  std::optional<base::Uuid> organization_id;
  v1::ContactChannel channel = v1::CONTACT_CHANNEL_UNSPECIFIED;
  int addresses = 0;                     // given ones: kEmailAddress, kPhoneAddress
  std::optional<base::Uuid> consent_id;  // looked at; nullopt = a basis decided, or there is none
  int consent_revision = 0;
};

// What all receipts of one request have in common.
struct Resolution {
  base::Uuid id;
  std::string asked_by;
  absl::Time asked_at;
};

// The stored basis of those persons whose data are there, who of the others was `erased`, and
// whether somebody else stands for one of them (`merged`, else left as it is).
std::map<base::Uuid, v1::LegalBasis> FindBases(db::Tx& tx, const base::Scope& scope,
                                               const std::vector<base::Uuid>& persons,
                                               std::set<base::Uuid>* erased, bool* merged);

// Ids follow from the request: when they are there, the same request was faster, and the
// transaction runs again.
void InsertReceipts(db::Tx& tx, const Resolution& resolution, const std::vector<Receipt>& receipts);
// In the order asked for.
std::vector<Receipt> FindReceipts(db::Tx& tx, const base::Uuid& resolution);

}  // namespace ieum::registry
