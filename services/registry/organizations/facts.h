// Dated facts of an organization: what may be recorded, and what follows from it. The contract's
// own message is the value: it is what is recorded, published and kept as evidence.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "ieum/registry/v1/types.pb.h"
#include "platform/base/status.h"
#include "services/registry/reference/reference.h"

namespace ieum::registry {

// The day on which the record begins to hold; DATE_INVALID blaming `<prefix>.valid_from`.
absl::StatusOr<absl::CivilDay> FactsDay(const v1::OrganizationFacts& facts,
                                        std::string_view prefix);

// Every fault of the record, fields named below `prefix` ("facts"). Codes are judged on the
// record's own day `day`.
void CheckFacts(const v1::OrganizationFacts& facts, const CodeFindings& codes, absl::CivilDay day,
                std::string_view prefix, base::FieldErrors* errors);

// The record with what follows from it: revision and section of KSIC, size band, SME.
v1::OrganizationFacts CompleteFacts(v1::OrganizationFacts facts, const CodeFindings& codes);

// Band of the regular workers; unspecified when their number is not known, or zero.
v1::SizeBand SizeBandOf(std::optional<int> regular_headcount);

// Whether it is an SME: by its legal size class, else by the headcount limit of preferentially
// supported businesses in its KSIC section (고용보험법 시행령 별표 1). Where the section is not
// known a headcount below every limit or above every limit still tells. nullopt = cannot be told.
std::optional<bool> IsSme(v1::SizeClass size_class, std::string_view ksic_section,
                          std::optional<int> regular_headcount);

}  // namespace ieum::registry
