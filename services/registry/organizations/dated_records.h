// Labels and certificates of a firm, and terms of a body in the council: what may be recorded. The
// contract's own messages are the values.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/status.h"
#include "services/registry/dates.h"

namespace ieum::registry {

// Every fault of the record, fields named below `prefix` ("label"): DATE_INVALID, DATE_ORDER,
// LABEL_UNKNOWN. `given_out`: the days on which such a label is given out; nullopt = there is none
// of this code.
void CheckLabel(const v1::OrganizationLabel& label, const std::optional<Validity>& given_out,
                std::string_view prefix, base::FieldErrors* errors);

// DATE_INVALID, DATE_ORDER.
void CheckTerm(const v1::CouncilTerm& term, std::string_view prefix, base::FieldErrors* errors);

// TERMS_OVERLAP when the term has a day in common with another of `terms`; the one of the same
// first day is the one that it replaces. All of them without faults.
absl::Status CheckNoOverlap(const v1::CouncilTerm& term, const std::vector<v1::CouncilTerm>& terms);

// ORGANIZATION_KIND: labels are of firms, terms of council bodies and agencies.
absl::Status RequireHasLabels(v1::OrganizationKind kind);
absl::Status RequireHasTerms(v1::OrganizationKind kind);

}  // namespace ieum::registry
