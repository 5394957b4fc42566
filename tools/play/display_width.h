// How many cells a text takes on a terminal: Korean letters take two.
#pragma once

#include <string>
#include <string_view>

namespace ieum::play {

int DisplayWidth(std::string_view text);
// With spaces behind (or before) it up to `width` cells.
std::string PadRight(std::string_view text, int width);
std::string PadLeft(std::string_view text, int width);

}  // namespace ieum::play
