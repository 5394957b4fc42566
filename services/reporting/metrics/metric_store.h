// Figures read from the facts, each side in one statement made from its definition.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/base/decimal.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/reporting/metrics/contributions.h"

namespace ieum::reporting {

// Distinct keys of the facts that count, of the numerator where the figure is a ratio.
absl::StatusOr<int64_t> CountDistinct(db::Tx& tx, const v1::Indicator& indicator,
                                      const Scope& scope);
// What these sources make: the sum of what they add up, or the number of their distinct keys.
absl::StatusOr<base::Decimal> Amount(db::Tx& tx, const Sources& sources, const Scope& scope);

struct ContributionPage {
  std::vector<v1::Contribution> contributions;  // by side, key, date, event and source
  filter::Cursor next;                          // empty = no more
};
absl::StatusOr<ContributionPage> ReadContributions(db::Tx& tx, const v1::Indicator& indicator,
                                                   const Scope& scope, int page_size,
                                                   const filter::Cursor& after);

}  // namespace ieum::reporting
