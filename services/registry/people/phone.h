// Phone numbers of Korea and, where they are valid, of elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace ieum::registry {

struct PhoneNumber {
  std::string original;  // as written, without space around it
  std::string e164;      // "" for representative numbers (15XX, 16XX, 18XX), which have none
  // What a search compares: E.164, or the eight digits of a representative number.
  std::string search_key;
};

// The same of a number that was read before and kept without it.
std::string PhoneSearchKey(const PhoneNumber& phone);

// Whether a text message may go to it: of Korea's numbers the mobile ones alone. What another
// country's takes is for who sends to find out.
bool TakesText(const PhoneNumber& phone);

// Understands "010-1234-5678", "+82 (0)10 1234 5678", "+82010…", full-width digits. Korean numbers
// need the shape of Korea's plan; whether they are assigned does not matter, so 010-0000-NNNN, a
// block that belongs to nobody, is good for tests. Others must be valid in their country's plan.
// INVALID_ARGUMENT (PHONE_INVALID) blaming `field`; the value is never echoed.
absl::StatusOr<PhoneNumber> ReadPhone(std::string_view text, std::string_view field);

}  // namespace ieum::registry
