#include "services/notify/events/event_fields.h"

#include <algorithm>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/events.pb.h"
#include "ieum/platform/v1/options.pb.h"
#include "ieum/registry/v1/events.pb.h"
#include "platform/filter/field_value.h"

namespace ieum::notify {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kDepthMax = 4;  // messages within each other, as deep as a path of a rule

bool IsInstant(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == "google.protobuf.Timestamp";
}

bool IsPart(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsInstant(field);
}

// One walk for names and values: `message` is null when only names are asked for.
using Found = std::function<void(const std::string&, const FieldDescriptor&, const Message*)>;
void Walk(const Descriptor& type, const Message* message, const std::string& prefix, int depth,
          const Found& found) {
  for (int at = 0; at < type.field_count(); ++at) {
    const FieldDescriptor& field = *type.field(at);
    if (field.is_repeated() || field.type() == FieldDescriptor::TYPE_BYTES) continue;
    const std::string name = absl::StrCat(prefix, field.name());
    if (!IsPart(field)) {
      found(name, field, message);
    } else if (depth < kDepthMax) {
      const Message* part =
          message == nullptr ? nullptr : &message->GetReflection()->GetMessage(*message, &field);
      Walk(*field.message_type(), part, name + "_", depth + 1, found);
    }
  }
}

std::string ValueText(const Message& message, const FieldDescriptor& field) {
  const filter::FieldValue value(message, field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return value.Text();
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.Bool() ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* word = field.enum_type()->FindValueByNumber(value.Enum());
      return word == nullptr ? absl::StrCat(value.Enum()) : word->name();
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return absl::StrCat(value.Floating());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!message.GetReflection()->HasField(message, &field)) return "";
      return absl::FormatTime(absl::RFC3339_full, value.Instant(), absl::UTCTimeZone());
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(static_cast<uint64_t>(value.Integer()));
    default:
      return absl::StrCat(static_cast<int64_t>(value.Integer()));
  }
}

// Names by which the database reads the centre of facts (0006_centres.sql).
constexpr const char* kReadCentres[] = {"engagement_centre_id", "application_centre_id",
                                        "enrolment_centre_id", "campaign_centre_id", "centre_id"};

// Where only another part of the event says the centre, it is kept as the event's own: for the
// database to read a further name, every row there is would be written anew.
void KeepCentre(const Descriptor& type, Facts* facts) {
  for (const char* name : kReadCentres) {
    if (facts->contains(name)) return;
  }
  for (int at = 0; at < type.field_count(); ++at) {
    const auto said = facts->find(absl::StrCat(type.field(at)->name(), "_centre_id"));
    if (said == facts->end()) continue;
    (*facts)["centre_id"] = said->second;
    return;
  }
}

}  // namespace

std::vector<const google::protobuf::FileDescriptor*> ListenedContracts() {
  return {registry::v1::EnrolmentConfirmed::descriptor()->file(),
          casemgmt::v1::VisitPlanned::descriptor()->file()};
}

const Descriptor* FindEventType(std::string_view full_name) {
  for (const auto* contract : ListenedContracts()) {
    for (int at = 0; at < contract->message_type_count(); ++at) {
      const Descriptor* type = contract->message_type(at);
      if (type->full_name() != full_name) continue;
      return type->options().HasExtension(platform::v1::event) ? type : nullptr;
    }
  }
  return nullptr;
}

const FieldDescriptor* FindTextField(const Descriptor& type, std::string_view path) {
  const Descriptor* within = &type;
  const std::vector<std::string> words = absl::StrSplit(std::string(path), '.');
  for (size_t at = 0; at < words.size(); ++at) {
    const FieldDescriptor* field = within->FindFieldByName(words[at]);
    if (field == nullptr || field->is_repeated()) return nullptr;
    if (at + 1 == words.size()) {
      return field->type() == FieldDescriptor::TYPE_STRING ? field : nullptr;
    }
    if (!IsPart(*field)) return nullptr;
    within = field->message_type();
  }
  return nullptr;
}

std::string TextAt(const Message& event, std::string_view path) {
  if (FindTextField(*event.GetDescriptor(), path) == nullptr) return "";
  const Message* within = &event;
  const std::vector<std::string> words = absl::StrSplit(std::string(path), '.');
  for (size_t at = 0; at + 1 < words.size(); ++at) {
    const auto* part = within->GetDescriptor()->FindFieldByName(words[at]);
    within = &within->GetReflection()->GetMessage(*within, part);
  }
  const auto* field = within->GetDescriptor()->FindFieldByName(words.back());
  return within->GetReflection()->GetString(*within, field);
}

std::set<std::string> FactNames(const Descriptor& type) {
  std::set<std::string> names;
  Walk(type, nullptr, "", 0, [&](const std::string& name, const FieldDescriptor&, const Message*) {
    names.insert(name);
  });
  return names;
}

Facts FactsOf(const Message& event) {
  Facts facts;
  Walk(*event.GetDescriptor(), &event, "", 0,
       [&](const std::string& name, const FieldDescriptor& field, const Message* message) {
         facts[name] = ValueText(*message, field);
       });
  KeepCentre(*event.GetDescriptor(), &facts);
  return facts;
}

std::string OrganizationFact(const std::set<std::string>& fact_names) {
  std::string found;
  for (const std::string& name : fact_names) {
    if (name != "organization_id" && !absl::EndsWith(name, "_organization_id")) continue;
    if (found.empty() || name.size() < found.size()) found = name;
  }
  return found;
}

std::string CentreOf(const Facts& facts) {
  for (const char* name : kReadCentres) {
    const auto fact = facts.find(name);
    if (fact != facts.end() && !fact->second.empty()) return fact->second;
  }
  return "";
}

}  // namespace ieum::notify
