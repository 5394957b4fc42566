// Text inside of HTML and SVG.
#pragma once

#include <string>
#include <string_view>

namespace ieum::play {

// & < > " ' as entities; everything else, Korean included, as it is.
std::string Escaped(std::string_view text);

// Korean with the English small beside it.
std::string Both(std::string_view ko, std::string_view en);

}  // namespace ieum::play
