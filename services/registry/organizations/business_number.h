// Business registration numbers (사업자등록번호): ten digits, the last one a check digit.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace ieum::registry {

// What people write, after NFKC (full-width digits) and without spaces and hyphens; not checked.
std::string BusinessNumberDigits(std::string_view text);

// The ten digits in what people write. INVALID_ARGUMENT blaming `field`: BUSINESS_NUMBER_FORMAT
// unless that leaves ten digits that are not all zero, BUSINESS_NUMBER_CHECKSUM when the check
// digit is wrong. Whether the business is open is another question.
absl::StatusOr<std::string> NormaliseBusinessNumber(std::string_view text, std::string_view field);

// "9998600010" → "999-86-00010".
std::string PrintedBusinessNumber(std::string_view digits);

}  // namespace ieum::registry
