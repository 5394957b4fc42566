// Whole numbers out of header values and subjects.
#pragma once

#include <charconv>
#include <string_view>

namespace ieum::broker {

// True when the whole text is a decimal number that fits.
template <class Integer>
bool ParseNumber(std::string_view text, Integer* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace ieum::broker
