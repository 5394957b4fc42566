// How an entry of a scenario becomes one call: which method, which field goes where, and what the
// answer is called from then on. Tables of these are all that the player knows about contracts.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "fmt/format.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"
#include "tools/play/names.h"

namespace ieum::play {

class Services;

// A method with its messages. The prototypes are the default instances, so they live for ever.
struct Rpc {
  std::string service;  // "casemgmt"
  std::string method;   // "/ieum.casemgmt.v1.FormService/SubmitApplication"
  const google::protobuf::Message* request = nullptr;
  const google::protobuf::Message* response = nullptr;
};

// RpcOf<SubmitApplicationRequest, Application>("casemgmt", "FormService/SubmitApplication")
template <class Request, class Response>
Rpc RpcOf(std::string_view service, std::string_view method) {
  return {std::string(service), fmt::format("/ieum.{}.v1.{}", service, method),
          &Request::default_instance(), &Response::default_instance()};
}

// Where one value of the request comes from. Paths are dotted.
struct Field {
  enum class Kind {
    kCopy,      // as it stands
    kKey,       // a key, replaced by the resource's name
    kLines,     // a list of lines, joined by line feeds
    kRest,      // all of the entry but `from`
    kConstant,  // `from` itself
    kFound,     // what CallShape::find answered
    kEach,      // a list of objects, in each of which a key is replaced
  };
  Kind kind = Kind::kCopy;
  std::string from;
  std::string to;          // "" = only checked, not sent
  std::string collection;  // of kKey and kEach
  std::string inner;       // of kEach: the field of an object that holds the key
  bool required = true;
};

Field Copy(std::string from, std::string to = "");  // `to` "" = the same as `from`
Field Key(std::string from, std::string collection, std::string to);
Field Lines(std::string from, std::string to);
Field Rest(std::string but, std::string to);
Field Constant(std::string value, std::string to);
Field Found(std::string to);
Field Each(std::string from, std::string inner, std::string collection, std::string to);
Field Checked(std::string from);  // must be there, is not sent
Field Maybe(Field field);         // may be absent

struct CallShape {
  Rpc rpc;
  std::vector<Field> fields;
  // The answer's resource gets the key that stands in this field; "" = it has one already.
  std::string key_field;
  std::string collection;
  // Looks a resource name up that no answer told before.
  std::function<absl::StatusOr<std::string>(Services&, const Names&, const nlohmann::json&)> find;
  // The call is made for entries that have this field; "" = for all.
  std::string only_with;

  bool IsFor(const nlohmann::json& entry) const {
    return only_with.empty() || entry.contains(only_with);
  }
};

// The request of an entry, without a request id. INVALID_ARGUMENT names every bad field.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> BuildRequest(const CallShape& shape,
                                                                        const nlohmann::json& entry,
                                                                        const Names& names,
                                                                        const std::string& found);
void SetRequestId(google::protobuf::Message& request, const std::string& id);
// The `name` of a resource.
std::string NameOf(const google::protobuf::Message& resource);

// Paths of an entry that none of the shapes takes.
std::vector<std::string> UnknownFields(const nlohmann::json& entry,
                                       absl::Span<const CallShape> shapes);

}  // namespace ieum::play
