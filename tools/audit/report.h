// An audit's findings for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "tools/audit/law.h"

namespace ieum::audit {

enum class Outcome {
  kAllHold = 0,
  kBreach = 1,
  kCannotRead = 2,  // something could not be looked at, and nothing was found
};
Outcome OutcomeOf(const std::vector<Finding>& findings);

// A table, the first breach of each broken law, and notes.
std::string ReportText(const std::vector<Finding>& findings);
// {"outcome":"breach","laws":[{"law":"INV1","says":…,"verdict":"holds","checked":17,"breaches":0,
//  "first":{"service":…,"shard":3,"position":17,"event_id":…,"aggregate":…,"what":…},"notes":[…],
//  "error":…}]}
std::string ReportJson(const std::vector<Finding>& findings);

}  // namespace ieum::audit
