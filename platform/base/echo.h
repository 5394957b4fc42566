// A caller's own word in the sentence of a refusal.
#pragma once

#include <string>
#include <string_view>

namespace ieum::base {

// `word`, when it could be meant as the name of a field: at most 64 lower-case letters, digits,
// full stops and underlines, a letter first. Otherwise "of that name": it may be anything, such as
// somebody's name or address, and errors are logged and copied by those who get them.
std::string Echo(std::string_view word);

}  // namespace ieum::base
