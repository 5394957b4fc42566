// Which erased persons something in this service still names.
#pragma once

#include <vector>

#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::casemgmt {

// Tables with a column `person_id` that says of whom a row is, and that an erasure empties.
const std::vector<const char*>& TablesThatNamePersons();

struct ErasedPage {
  std::vector<base::Uuid> still_named;
  base::Uuid last;     // to go on behind
  bool whole = false;  // there may be more
};
// `limit` erased persons behind `after`, by their ids.
ErasedPage ErasedPersons(db::Tx& tx, const base::Uuid& after, int limit);

}  // namespace ieum::casemgmt
