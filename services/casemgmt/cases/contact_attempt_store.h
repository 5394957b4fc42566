// The table `contact_attempt`: codes and days only. Rows are never changed.
#pragma once

#include <vector>

#include "platform/db/tx.h"
#include "services/casemgmt/cases/contact_attempt.h"

namespace ieum::casemgmt {

void InsertContactAttempt(db::Tx& tx, const base::Uuid& case_id, const ContactAttempt& attempt);
// The newest first, `limit` at most.
std::vector<ContactAttempt> ContactAttemptsOf(db::Tx& tx, const base::Uuid& case_id, int limit);

}  // namespace ieum::casemgmt
