// Goal: the same manners everywhere, as the AIPs ask, where buf does not look. Method: the rules
// over every method and resource of the four services.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/resource.pb.h"
#include "re2/re2.h"
#include "tests/contract/contracts.h"

namespace ieum::contract {
namespace {

using Type = FieldDescriptor::Type;

bool HasField(const Descriptor* message, const std::string& name, Type type) {
  const FieldDescriptor* field = message->FindFieldByName(name);
  return field != nullptr && field->type() == type && !field->is_repeated();
}

std::vector<const MethodDescriptor*> MethodsNamed(const std::string& verb) {
  std::vector<const MethodDescriptor*> found;
  for (const MethodDescriptor* method : ResourceMethods()) {
    // "Get" of GetRegion, not of a word that only begins so.
    if (RE2::PartialMatch(method->name(), absl::StrCat("^", verb, "[A-Z]"))) {
      found.push_back(method);
    }
  }
  return found;
}

// "funnel_definition" of FunnelDefinition.
std::string SnakeCase(std::string name) {
  RE2::GlobalReplace(&name, "([a-z0-9])([A-Z])", "\\1_\\2");
  return absl::AsciiStrToLower(name);
}

const FieldDescriptor* ResourceField(const MethodDescriptor* method) {
  return method->input_type()->FindFieldByName(SnakeCase(method->output_type()->name()));
}

std::vector<const Descriptor*> Resources() {
  std::vector<const Descriptor*> found;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (!ResourceTypeOf(file->message_type(i)).empty()) found.push_back(file->message_type(i));
    }
  }
  return found;
}

TEST(Aip, EveryMethodHasAnHttpRuleOfItsOwn) {
  std::map<std::string, const MethodDescriptor*> taken;
  for (const MethodDescriptor* method : Methods()) {
    const HttpRule http = HttpOf(method);
    ASSERT_FALSE(http.path.empty()) << method->full_name();
    const std::string key = absl::StrCat(ServiceOf(method->file()), " ", http.verb, " ", http.path);
    const auto [other, added] = taken.emplace(key, method);
    EXPECT_TRUE(added) << method->full_name() << " and " << other->second->full_name();
  }
}

TEST(Aip, EveryPathVariableIsAFieldOfTheRequest) {
  static const RE2 variable(R"(\{([a-z_.]+)=[^}]*\})");
  for (const MethodDescriptor* method : Methods()) {
    const std::string path = HttpOf(method).path;
    re2::StringPiece rest(path);
    std::string name;
    while (RE2::FindAndConsume(&rest, variable, &name)) {
      const Descriptor* message = method->input_type();
      for (const auto& part : absl::StrSplit(name, '.')) {
        const auto* field =
            message == nullptr ? nullptr : message->FindFieldByName(std::string(part));
        ASSERT_NE(field, nullptr) << method->full_name() << ": " << name;
        message = field->message_type();
      }
    }
  }
}

// AIP-132, 158, 160.
TEST(Aip, EveryListHasPagesFilterAndOrder) {
  for (const MethodDescriptor* method : MethodsNamed("List")) {
    const Descriptor* request = method->input_type();
    EXPECT_TRUE(HasField(request, "page_size", Type::TYPE_INT32)) << request->full_name();
    for (const char* name : {"page_token", "filter", "order_by"}) {
      EXPECT_TRUE(HasField(request, name, Type::TYPE_STRING)) << request->full_name() << name;
    }
    EXPECT_EQ(HttpOf(method).verb, "get") << method->full_name();
    const Descriptor* response = method->output_type();
    const FieldDescriptor* rows = response->FindFieldByNumber(1);
    ASSERT_NE(rows, nullptr) << response->full_name();
    EXPECT_TRUE(rows->is_repeated() && rows->message_type() != nullptr) << response->full_name();
    EXPECT_TRUE(HasField(response, "next_page_token", Type::TYPE_STRING)) << response->full_name();
  }
}

// AIP-131.
TEST(Aip, EveryGetTakesANameAndAnswersTheResource) {
  for (const MethodDescriptor* method : MethodsNamed("Get")) {
    const FieldDescriptor* name = method->input_type()->FindFieldByNumber(1);
    ASSERT_NE(name, nullptr) << method->full_name();
    EXPECT_EQ(name->name(), "name") << method->full_name();
    EXPECT_EQ(HttpOf(method).verb, "get") << method->full_name();
    EXPECT_EQ(method->name(), absl::StrCat("Get", method->output_type()->name()));
    EXPECT_FALSE(ResourceTypeOf(method->output_type()).empty()) << method->full_name();
  }
}

// AIP-133, 155.
TEST(Aip, EveryCreateTakesTheResourceAndAWishedId) {
  for (const MethodDescriptor* method : MethodsNamed("Create")) {
    const FieldDescriptor* resource = ResourceField(method);
    ASSERT_NE(resource, nullptr) << method->full_name();
    EXPECT_TRUE(HasBehavior(resource, "REQUIRED")) << method->full_name();
    EXPECT_TRUE(HasField(method->input_type(), resource->name() + "_id", Type::TYPE_STRING))
        << method->full_name();
    EXPECT_EQ(HttpOf(method).verb, "post") << method->full_name();
    EXPECT_EQ(HttpOf(method).body, resource->name()) << method->full_name();
  }
}

// AIP-134, 154.
TEST(Aip, EveryUpdateTakesAMaskAndTheEtagOfItsResource) {
  for (const MethodDescriptor* method : MethodsNamed("Update")) {
    const FieldDescriptor* resource = ResourceField(method);
    ASSERT_NE(resource, nullptr) << method->full_name();
    const FieldDescriptor* mask = method->input_type()->FindFieldByName("update_mask");
    ASSERT_NE(mask, nullptr) << method->full_name();
    EXPECT_EQ(mask->message_type()->full_name(), "google.protobuf.FieldMask");
    EXPECT_EQ(HttpOf(method).verb, "patch") << method->full_name();
    EXPECT_EQ(HttpOf(method).body, resource->name()) << method->full_name();
    EXPECT_TRUE(HasField(method->output_type(), "etag", Type::TYPE_STRING)) << method->full_name();
  }
}

// AIP-136: what is no standard method says its verb behind a colon.
TEST(Aip, EveryOtherMethodIsACustomVerb) {
  for (const MethodDescriptor* method : ResourceMethods()) {
    if (RE2::PartialMatch(method->name(), "^(Get|List|Create|Update)[A-Z]")) continue;
    const HttpRule http = HttpOf(method);
    EXPECT_TRUE(RE2::PartialMatch(http.path, ":[a-z][A-Za-z]+$")) << method->full_name();
    EXPECT_EQ(http.body, http.verb == "get" ? "" : "*") << method->full_name();
  }
}

// A retry must be safe and an update must not be lost. row:R26
TEST(Aip, EveryWriteTakesARequestIdAndEveryChangeAnEtag) {
  for (const MethodDescriptor* method : ResourceMethods()) {
    if (HttpOf(method).verb == "get") continue;
    const Descriptor* request = method->input_type();
    EXPECT_TRUE(HasField(request, "request_id", Type::TYPE_STRING)) << request->full_name();
    if (request->FindFieldByName("name") == nullptr) continue;
    EXPECT_TRUE(HasField(request, "etag", Type::TYPE_STRING)) << request->full_name();
  }
}

// AIP-122, 123.
TEST(Aip, EveryResourceHasANameAndAPatternOfItsCollection) {
  for (const Descriptor* message : Resources()) {
    const auto& resource = message->options().GetExtension(google::api::resource);
    const FieldDescriptor* name = message->FindFieldByNumber(1);
    ASSERT_NE(name, nullptr) << message->full_name();
    EXPECT_EQ(name->name(), "name") << message->full_name();
    EXPECT_TRUE(HasBehavior(name, "IDENTIFIER")) << message->full_name();
    EXPECT_EQ(resource.type(), absl::StrCat(ServiceOf(message->file()), ".ieum/", message->name()));
    ASSERT_EQ(resource.pattern_size(), 1) << message->full_name();
    const std::string own = absl::StrCat(resource.plural(), "/{", SnakeCase(message->name()), "}");
    EXPECT_TRUE(absl::EndsWith(resource.pattern(0), own)) << message->full_name();
  }
}

TEST(Aip, EveryReferenceNamesAResourceThatExists) {
  std::set<std::string> types;
  for (const Descriptor* message : Resources()) types.insert(ResourceTypeOf(message));
  for (const FileDescriptor* file : Files()) {
    for (int m = 0; m < file->message_type_count(); ++m) {
      const Descriptor* message = file->message_type(m);
      for (int i = 0; i < message->field_count(); ++i) {
        const auto& field = message->field(i)->options();
        if (!field.HasExtension(google::api::resource_reference)) continue;
        const auto& reference = field.GetExtension(google::api::resource_reference);
        const std::string& type =
            reference.type().empty() ? reference.child_type() : reference.type();
        EXPECT_TRUE(types.contains(type)) << message->field(i)->full_name() << ": " << type;
      }
    }
  }
}

}  // namespace
}  // namespace ieum::contract
