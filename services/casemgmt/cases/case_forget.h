// What becomes of a person's cases when she is erased: they count on, and are nobody's.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::casemgmt {

std::vector<base::Uuid> CasesTouched(db::Tx& tx, const base::Uuid& person);
// CaseAnonymised of each; words, consents heard of and the way from her token to her go.
absl::Status ForgetCasesOf(ledger::UnitOfWork& work, const base::Uuid& person);

}  // namespace ieum::casemgmt
