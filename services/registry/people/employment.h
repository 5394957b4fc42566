// For whom a person works. Of all that she does for organizations an employment is the one that she
// has but one of on a day: it says for whom she counts. Pure.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

inline bool IsEmployment(v1::AffiliationRole role) { return role == v1::AFFILIATION_ROLE_EMPLOYEE; }

// Her employer on a day; nullopt = none is known. First and last day are included. Only two records
// that were merged bring employments that overlap; of those the one counts that began last, since
// who begins elsewhere has left, and of two of one day the one with the lower id. Nothing of either
// is changed for that, so an undone merge leaves each record what it said.
std::optional<base::Uuid> EmployerOn(const std::vector<Affiliation>& employments,
                                     absl::CivilDay day);

// FAILED_PRECONDITION (EMPLOYMENT_OVERLAP) when an employment has a day in common with another one
// of these; its own earlier self does not count. Nothing for other roles, nor for one that becomes
// shorter: so an overlap that a merge brought is put right.
absl::Status CheckOverlap(const Affiliation& wanted, const std::vector<Affiliation>& employments);

// Takes the period of an affiliation, in which `end_date` may be absent. INVALID_ARGUMENT
// (DATE_ORDER) blaming `end_field`.
absl::Status SetPeriod(Affiliation* affiliation, absl::CivilDay start_date,
                       std::optional<absl::CivilDay> end_date, std::string_view end_field);

}  // namespace ieum::registry
