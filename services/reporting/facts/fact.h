// A fact is an event as reporting keeps it: where it stands in its producer's ledger, and its
// fields flattened to dotted paths ("enrolment.organization_id"). Definitions count facts; nothing
// else does. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "google/protobuf/message.h"

namespace ieum::reporting {

// A stretch of one shard: positions behind `after`, up to `up_to`.
struct FactsRun {
  std::string producer;
  int shard = 0;
  int64_t after = 0;
  int64_t up_to = 0;
};

// The fields as a JSON object. Text, numbers and booleans as they are, enums as their number,
// 64-bit numbers as text of digits, bytes left out, empty text and unset messages left out;
// timestamps as RFC 3339 in UTC; lists of such values as arrays. Lists of messages are left out:
// a figure cannot count inside an event. Beside them `centre_id`, the centre that the event's facts
// of a case or the like say, where the event has none of its own.
std::string FlattenFields(const google::protobuf::Message& event);

// Fields of an event type by dotted path, or nullptr: what definitions may name. Lists and messages
// are no fields to count by.
const google::protobuf::FieldDescriptor* FieldAt(const google::protobuf::Descriptor& event,
                                                 const std::string& path);

}  // namespace ieum::reporting
