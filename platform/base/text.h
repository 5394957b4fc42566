// Text rules that hold for every field of every service.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ieum::base {

// Unicode normal forms (ICU). Input must be valid UTF-8; invalid bytes become U+FFFD.
std::string Nfc(std::string_view text);
std::string Nfkc(std::string_view text);

bool IsValidUtf8(std::string_view text);
// Length in code points.
int CodePoints(std::string_view text);
// NFKC, case folded, no white space: the form in which firm names are compared and searched. The
// key of a key is the key.
std::string SearchKey(std::string_view text);

// True when the text contains something shaped like a Korean resident registration number: after
// NFKC and without invisible characters, six digits that are a date, up to three separators (space,
// tab, full stop, underline, slash, hyphen, any dash), [1-8] and six digits, with no digit right
// before or after; digits of any script. The check digit is not consulted (random since October
// 2020). PIPA art. 24-2: such numbers are never processed.
bool LooksLikeResidentNumber(std::string_view text);

// Refuses U+0000, invalid UTF-8 and resident-number-like values; `field` is blamed, the value is
// never echoed.
absl::Status CheckText(std::string_view text, std::string_view field);

}  // namespace ieum::base
