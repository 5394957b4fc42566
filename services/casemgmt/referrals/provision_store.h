// What of a person's data was handed on for her case, and what her consent refused: the rows of
// `provision`, and what was heard of the consents that they rest on. law:L02
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "ieum/casemgmt/v1/referral_types.pb.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/casemgmt/references/provision_book.h"

namespace ieum::casemgmt {

struct Provision {
  base::Uuid id, case_id;
  v1::ProvisionKind kind = v1::PROVISION_KIND_UNSPECIFIED;
  std::optional<base::Uuid> subject;  // the referral or transfer; nullopt = refused
  base::Uuid recipient;
  std::vector<std::string> items;
  ProvisionAnswer answer;
};

// False when the id is taken.
bool InsertProvision(db::Tx& tx, const Provision& provision);

struct ProvisionView {
  Provision provision;
  std::optional<base::Uuid> person;  // of the case; nullopt = erased
};
// Narrowed by the door to one case within the caller's reach.
const filter::ListSpec& ProvisionList();
filter::Cursor ListProvisions(db::Tx& tx, const filter::ListQuery& query,
                              std::vector<ProvisionView>* views);

// Whoever hands on what is hers and whoever hears that she no longer wants it wait for each other
// until the end of the transaction.
void HoldConsentOf(db::Tx& tx, const base::Uuid& person);
// Whether a no was heard that is as new as that revision of her consent: the receipt is outdated.
bool WithdrawnSince(db::Tx& tx, const base::Uuid& person, const base::Uuid& recipient,
                    int consent_revision);
// Marks her open referrals to that recipient that share something: it is shared no more. The one
// who hears of it calls it in the transaction that keeps it. Answers how many.
int64_t NoteConsentLost(db::Tx& tx, const base::Uuid& person, const base::Uuid& recipient);

}  // namespace ieum::casemgmt
