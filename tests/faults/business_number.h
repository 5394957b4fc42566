// Business registration numbers for made-up firms.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace ieum::faults {

// Ten digits: `office` (three), the last six digits of `number`, and the check digit of the
// register.
inline std::string BusinessNumber(int office, int64_t number) {
  constexpr int kWeights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  const std::string digits = absl::StrFormat("%03d%06d", office, number % 1'000'000);
  int sum = (digits[8] - '0') * 5 / 10;
  for (size_t at = 0; at < digits.size(); ++at) sum += (digits[at] - '0') * kWeights[at];
  return absl::StrCat(digits, (10 - sum % 10) % 10);
}

}  // namespace ieum::faults
