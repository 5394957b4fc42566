// Who belonged to something when it was founded, and who still does some months later, as SQL made
// from a definition (CohortRule).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/reporting/metrics/fact_sql.h"

namespace ieum::reporting {

// `founding`: SELECT of the columns of Contributions with `mine`, `occurred_at` and
// `aggregate_version`, one row for each fact that founds a cohort of its key. Answers with a SELECT
// of the same columns, one row for each member of each key's first cohort that counts; k is who
// belongs, d the day on which it counts. Cohorts whose day has not come are not there.
absl::StatusOr<std::string> CohortsFoundedBy(FactSql& sql, const v1::CohortRule& rule,
                                             const std::string& founding, const Scope& scope);

}  // namespace ieum::reporting
