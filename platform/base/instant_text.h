// Instants as the database and the broker's messages write them, in UTC. Thousands a second are
// written and read, and a library's general patterns cost more than all the rest of an event.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace ieum::base {

struct InstantForm {
  char between;           // of day and time: ' ' or 'T'
  std::string_view zone;  // of UTC: "+00" or "+00:00"
  int decimals;           // kAsNeeded: as many as there are, at most nine
};
inline constexpr int kAsNeeded = -1;
inline constexpr InstantForm kSqlInstant{' ', "+00", 6};
inline constexpr InstantForm kWireInstant{'T', "+00:00", kAsNeeded};

// "2023-03-06T01:00:00.25+00:00". nullopt for years that have not four digits.
std::optional<std::string> InstantText(absl::Time instant, const InstantForm& form);

// The instant of exactly such a text, with up to nine decimals; nullopt for any other, right or
// wrong.
std::optional<absl::Time> InstantOf(std::string_view text, const InstantForm& form);

}  // namespace ieum::base
