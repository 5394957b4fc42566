// What is entered before the year begins: one row for each list of masters, in the order of entry.
#pragma once

#include <string>
#include <vector>

#include "tools/play/call_shape.h"

namespace ieum::play {

struct MasterList {
  std::string file;              // "organizations.json"
  std::string list;              // "organizations": the list in the file
  std::string key;               // field that names an entry
  std::vector<CallShape> calls;  // made for each entry, in this order
  bool may_be_absent = false;    // no such file: no entries
};

// The scenario's programme and edition stand in each entry that needs them (see LoadScenario).
const std::vector<MasterList>& Masters();

}  // namespace ieum::play
