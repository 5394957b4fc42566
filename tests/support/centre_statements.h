// Whether statements on rows of centres ask whose rows may be touched.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/support/postgres.h"

namespace ieum::testing {

// What the rule lets pass, each with its reason.
struct CentreExceptions {
  // Statements on rows of centres that no caller's scope bounds.
  std::map<std::string, std::string> statements;
  // Tables that name a campaign, an engagement, a form, an enrolment, a person, a reminder or a
  // message and say no centre.
  std::map<std::string, std::string> tables;
  // Tables with a centre that are not rows of that centre.
  std::map<std::string, std::string> other_meaning;
};

// Faults of the registered statements and of the schema, against:
// * a statement that reads or changes a table with `centre_id` has the condition
//   `$n::boolean OR [x.]centre_id = ANY($m::uuid[])` in it; one that only inserts gives the centre,
//   unless the database derives it;
// * a table that names what belongs to a centre says the centre, too;
// * no exception is there in vain.
std::vector<std::string> CentreFaults(const TestDatabase& database,
                                      const CentreExceptions& exceptions);

}  // namespace ieum::testing
