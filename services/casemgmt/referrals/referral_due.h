// What becomes due with referrals: an answer that nobody gave, a grant whose time is over, and one
// whose consent is gone. row:C11
#pragma once

#include "platform/flow/due_rows.h"

namespace ieum::casemgmt {

// The ledger outlives them.
flow::DueWork ReferralAnswers(ledger::Ledger& ledger);
flow::DueWork GrantExpiry(ledger::Ledger& ledger);
flow::DueWork GrantWithdrawal(ledger::Ledger& ledger);

}  // namespace ieum::casemgmt
