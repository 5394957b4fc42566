// Names that are printed: of organizations, campaigns and people.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/status.h"

namespace ieum::registry {

inline constexpr int kTitleMax = 200;    // characters of an organization's or campaign's name
inline constexpr int kFullNameMax = 40;  // characters of a person's name

// NFC, without space around it, 1 to `max` characters, without line breaks and other control
// characters (a name ends up in the header of a letter). Faults go to `errors`, values do not.
std::string CheckPrintedName(std::string_view text, std::string_view field, int max,
                             base::FieldErrors* errors);

}  // namespace ieum::registry
