// Every contract of Ieum as descriptors, with comments and options, read from the file that the
// build makes of `proto/ieum/**`. Whatever is found there takes part in the tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/api/http.pb.h"
#include "google/protobuf/descriptor.h"

namespace ieum::contract {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

// Files of package `ieum.*`, third-party ones left out, in the order of their paths.
const std::vector<const FileDescriptor*>& Files();

// Every method of every service.
std::vector<const MethodDescriptor*> Methods();

// The same without the platform's Ops, which is a tool for operators and no resource API.
std::vector<const MethodDescriptor*> ResourceMethods();

// Every message type that some method takes.
std::vector<const Descriptor*> Requests();

// Every message that is marked as a domain event.
std::vector<const Descriptor*> Events();

// Every enum named ErrorReason.
std::vector<const EnumDescriptor*> ErrorReasons();

// "registry" of `ieum.registry.v1`.
std::string ServiceOf(const FileDescriptor* file);

// True when a service of this name has a contract here. The platform stands without any.
bool HasService(const std::string& service);

// The verb ("get", "post", "patch", "delete") and the path of a method's http rule; both empty when
// there is none.
struct HttpRule {
  std::string verb;
  std::string path;
  std::string body;
};
HttpRule HttpOf(const MethodDescriptor* method);

bool HasBehavior(const FieldDescriptor* field, std::string_view behavior);

// The resource type of a message ("registry.ieum/Organization"); empty when it is none.
std::string ResourceTypeOf(const Descriptor* message);

// The comment above a descriptor; empty when there is none.
template <typename D>
std::string CommentOf(const D* descriptor) {
  google::protobuf::SourceLocation location;
  return descriptor->GetSourceLocation(&location) ? location.leading_comments : std::string();
}

// Text of a file, path from the project's root.
std::string ReadProjectFile(const std::string& path);

}  // namespace ieum::contract
