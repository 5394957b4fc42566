#include "platform/base/echo.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace ieum::base {
namespace {

constexpr size_t kNameMax = 64;

bool MayStand(char c) {
  return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_';
}

}  // namespace

std::string Echo(std::string_view word) {
  const bool name = !word.empty() && word.size() <= kNameMax && absl::ascii_islower(word[0]) &&
                    std::all_of(word.begin(), word.end(), MayStand);
  return name ? std::string(word) : "of that name";
}

}  // namespace ieum::base
