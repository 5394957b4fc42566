// What a page of EnrolmentListThen leaves open.
#pragma once

#include <vector>

#include "services/registry/enrolments/enrolment_store.h"

namespace ieum::registry {

// The steps that were known at the instant, and who stood where in the line.
void AddStepsThen(db::Tx& tx, const base::Scope& scope, absl::Time instant,
                  std::vector<EnrolmentView>* views);

}  // namespace ieum::registry
