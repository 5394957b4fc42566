// What became of the fields of a thing between two of its versions, in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"

namespace ieum::ledger {

struct FieldChange {
  std::string field;  // "display_name", "facts.region_code"
  std::string from;   // "" = not given
  std::string to;
  bool personal = false;
  bool operator==(const FieldChange&) const = default;
};

// The fields that differ, in the order of the contract, those of messages below by their own paths;
// `prefix` stands before each path ("facts[2023-03-14]."). Enumerations by their names, what is not
// given and 0 of an enumeration as "". Both messages are of one type. Fields that hold personal
// data are left out, whatever is in them, or for who asks so marked as such.
enum class PersonalFields { kLeftOut, kMarked };
std::vector<FieldChange> FieldChanges(const google::protobuf::Message& before,
                                      const google::protobuf::Message& after,
                                      std::string_view prefix = "",
                                      PersonalFields personal = PersonalFields::kLeftOut);

}  // namespace ieum::ledger
