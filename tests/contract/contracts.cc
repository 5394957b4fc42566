#include "tests/contract/contracts.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "ieum/platform/v1/options.pb.h"

namespace ieum::contract {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<const FileDescriptor*> Load() {
  google::protobuf::FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromString(ReadFile(IEUM_CONTRACTS)));
  static auto* pool = new google::protobuf::DescriptorPool();
  std::vector<const FileDescriptor*> files;
  for (const auto& file : set.file()) {
    const FileDescriptor* built = pool->BuildFile(file);
    EXPECT_NE(built, nullptr) << file.name();
    if (built != nullptr && absl::StartsWith(file.name(), "ieum/")) files.push_back(built);
  }
  std::sort(files.begin(), files.end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  return files;
}

template <typename Keep>
std::vector<const Descriptor*> MessagesThat(const Keep& keep) {
  std::vector<const Descriptor*> found;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      if (keep(file->message_type(i))) found.push_back(file->message_type(i));
    }
  }
  return found;
}

}  // namespace

const std::vector<const FileDescriptor*>& Files() {
  static const auto* files = new std::vector<const FileDescriptor*>(Load());
  return *files;
}

std::vector<const MethodDescriptor*> Methods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : Files()) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) methods.push_back(service->method(m));
    }
  }
  return methods;
}

std::vector<const MethodDescriptor*> ResourceMethods() {
  std::vector<const MethodDescriptor*> methods = Methods();
  std::erase_if(methods,
                [](const auto* method) { return ServiceOf(method->file()) == "platform"; });
  return methods;
}

std::vector<const Descriptor*> Requests() {
  const auto methods = Methods();
  return MessagesThat([&](const Descriptor* message) {
    return std::any_of(methods.begin(), methods.end(),
                       [&](const auto* method) { return method->input_type() == message; });
  });
}

std::vector<const Descriptor*> Events() {
  return MessagesThat([](const Descriptor* message) {
    return message->options().HasExtension(platform::v1::event);
  });
}

std::vector<const EnumDescriptor*> ErrorReasons() {
  std::vector<const EnumDescriptor*> found;
  for (const FileDescriptor* file : Files()) {
    const auto* reasons = file->FindEnumTypeByName("ErrorReason");
    if (reasons != nullptr) found.push_back(reasons);
  }
  return found;
}

std::string ServiceOf(const FileDescriptor* file) {
  const std::vector<std::string> parts = absl::StrSplit(file->package(), '.');
  return parts.size() == 3 ? parts[1] : "";
}

bool HasService(const std::string& service) {
  return std::any_of(Files().begin(), Files().end(),
                     [&](const FileDescriptor* file) { return ServiceOf(file) == service; });
}

HttpRule HttpOf(const MethodDescriptor* method) {
  const auto& rule = method->options().GetExtension(google::api::http);
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"get", rule.get(), rule.body()};
    case google::api::HttpRule::kPost:
      return {"post", rule.post(), rule.body()};
    case google::api::HttpRule::kPatch:
      return {"patch", rule.patch(), rule.body()};
    case google::api::HttpRule::kDelete:
      return {"delete", rule.delete_(), rule.body()};
    default:
      return {};
  }
}

bool HasBehavior(const FieldDescriptor* field, std::string_view behavior) {
  const auto& options = field->options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    const auto value = options.GetExtension(google::api::field_behavior, i);
    if (google::api::FieldBehavior_Name(value) == behavior) return true;
  }
  return false;
}

std::string ResourceTypeOf(const Descriptor* message) {
  return message->options().GetExtension(google::api::resource).type();
}

std::string ReadProjectFile(const std::string& path) {
  return ReadFile(absl::StrCat(IEUM_SOURCE_DIR, "/", path));
}

}  // namespace ieum::contract
