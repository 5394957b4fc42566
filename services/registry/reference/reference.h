// Codes with validity dates: how a code is looked up, and what the tables say of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/registry/dates.h"

namespace ieum::registry {

// The table's key of a region code: "26", "26000" and "2600000000" are the province "26";
// "2611010100" lies in the district "26110".
std::string RegionKey(std::string_view code);

// The code without the zeros that say no more: "26000" → "26", "2611000000" → "26110".
std::string SignificantRegion(std::string_view code);

// Two-digit division of a KSIC code.
std::string KsicDivision(std::string_view code);

// What the tables say of the codes of one record of facts, asked for that record's own day.
struct CodeFindings {
  std::optional<Validity> region;  // nullopt = no such code
  int ksic_revision = 0;           // the one asked for, or in force on the day; 0 = none
  Validity ksic_validity;          // of the revision
  std::string ksic_section;        // "" = the revision has no such division
  std::optional<Validity> complex;
};

}  // namespace ieum::registry
