// Which open cases are of one person, programme and edition, under whichever of her records.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"
#include "services/casemgmt/cases/case_reach.h"

namespace ieum::casemgmt {

// The open cases of everybody who is one person with one of these, in order.
std::vector<base::Uuid> OpenCasesOf(db::Tx& tx, const std::vector<base::Uuid>& persons);
// Those beside an open case that are of its person, programme and edition, in order; none beside
// one that has ended. Only what the reach holds.
std::vector<base::Uuid> OthersOpen(db::Tx& tx, const Reach& reach, const base::Uuid& case_id);

struct SamePersonTask {
  base::Uuid id, case_id;
  absl::Time update_time;
};
// Open tasks of the kind SAME_PERSON whose case has no other one beside it, the oldest first.
std::vector<SamePersonTask> TasksWithoutAnother(db::Tx& tx, int limit);
int64_t CountTasksWithoutAnother(db::Tx& tx);

}  // namespace ieum::casemgmt
