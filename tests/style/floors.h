// The floors of the house: which file may include what. Arrows go only downwards.
#pragma once

#include <string>
#include <vector>

#include "tests/style/source_tree.h"

namespace ieum::style {

// Every include of `file` that breaks a floor, as sentences. `is_room_rules`: the file holds a
// room's pure rules (x.{h,cc} beside x_store.h).
std::vector<std::string> FloorFaults(const SourceFile& file, bool is_room_rules);

// The service a path or an include lies in, "" when it lies in none.
std::string ServiceOf(std::string_view path);

}  // namespace ieum::style
