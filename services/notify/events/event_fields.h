// Looking into events of other services by the words of their contracts. Rules are data, so a field
// is named by its path: `visit.visit_date`. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace ieum::notify {

// What is kept of an event for its message: its scalar fields as text, by path with `_` for `.`
// (`visit_visit_date`). Instants are RFC 3339 in UTC, enums their value's name. Lists are left out.
// Beside them `centre_id`, the centre that the event's facts of a case or the like say, where the
// event has none of its own.
using Facts = std::map<std::string, std::string>;

// The events.proto of every service that rules may listen to.
std::vector<const google::protobuf::FileDescriptor*> ListenedContracts();

// The event of this full name in those contracts; nullptr when there is none.
const google::protobuf::Descriptor* FindEventType(std::string_view full_name);

// The singular text field at the path; nullptr when there is none.
const google::protobuf::FieldDescriptor* FindTextField(const google::protobuf::Descriptor& type,
                                                       std::string_view path);

// The text at the path; empty when the event has no such field.
std::string TextAt(const google::protobuf::Message& event, std::string_view path);

// Names and values of what FactsOf keeps.
std::set<std::string> FactNames(const google::protobuf::Descriptor& type);
Facts FactsOf(const google::protobuf::Message& event);

// The fact that tells which organization an event is about: the shortest name that ends in
// `organization_id`; empty when there is none.
std::string OrganizationFact(const std::set<std::string>& fact_names);

// The centre that what the facts tell of belongs to; empty = the whole suite's. The database
// derives the same from the same names.
std::string CentreOf(const Facts& facts);

}  // namespace ieum::notify
