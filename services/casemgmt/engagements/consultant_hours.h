// The hours that people give to visits and sessions: whoever holds one of them cannot hold another
// at that time.
#pragma once

#include "absl/time/time.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::casemgmt {

struct ConsultantHours {
  base::Uuid of;          // the visit or session
  base::Uuid consultant;  // person who holds it
  absl::Time start, end;  // start ≤ t < end
};

// Gives the hours to it, in place of those that it had. False when the person has given some of
// them to something else; two transactions never both get overlapping hours.
bool TakeHours(db::Tx& tx, const ConsultantHours& hours);
void FreeHours(db::Tx& tx, const base::Uuid& of);

}  // namespace ieum::casemgmt
