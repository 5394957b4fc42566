#include "services/registry/organizations/business_number.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"
#include "platform/base/text.h"

namespace ieum::registry {
namespace {

constexpr size_t kDigits = 10;
constexpr std::array<int, kDigits - 1> kWeights = {1, 3, 7, 1, 3, 7, 1, 3, 5};

char CheckDigit(std::string_view digits) {
  int sum = 0;
  for (size_t at = 0; at < kWeights.size(); ++at) sum += (digits[at] - '0') * kWeights[at];
  // The ninth digit counts once more, by the tens of five times itself.
  sum += (digits[8] - '0') * 5 / 10;
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool HasTenDigits(std::string_view text) {
  return text.size() == kDigits && std::all_of(text.begin(), text.end(), absl::ascii_isdigit) &&
         text != "0000000000";
}

}  // namespace

std::string BusinessNumberDigits(std::string_view text) {
  std::string digits = base::Nfkc(text);
  digits.erase(std::remove_if(digits.begin(), digits.end(),
                              [](unsigned char c) { return c == '-' || absl::ascii_isspace(c); }),
               digits.end());
  return digits;
}

absl::StatusOr<std::string> NormaliseBusinessNumber(std::string_view text, std::string_view field) {
  std::string digits = BusinessNumberDigits(text);
  if (!HasTenDigits(digits)) {
    return base::InvalidField(v1::ERROR_REASON_BUSINESS_NUMBER_FORMAT, field,
                              "must be ten digits, not all zero, such as 999-86-00010");
  }
  if (CheckDigit(digits) != digits.back()) {
    return base::InvalidField(v1::ERROR_REASON_BUSINESS_NUMBER_CHECKSUM, field,
                              "has a wrong check digit; compare it with the certificate");
  }
  return digits;
}

std::string PrintedBusinessNumber(std::string_view digits) {
  std::string printed(digits);
  printed.insert(5, "-").insert(3, "-");
  return printed;
}

}  // namespace ieum::registry
