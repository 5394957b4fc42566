// Which resource each key of a scenario stands for.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace ieum::play {

struct Resource {
  std::string collection;  // "organizations", "visits"
  std::string name;        // "engagements/{uuid}/visits/{uuid}"
};

class Names {
 public:
  // ALREADY_EXISTS when the key is taken.
  absl::Status Define(const std::string& key, Resource resource);
  // NOT_FOUND when nothing has this key so far; INVALID_ARGUMENT when it is of another collection.
  absl::StatusOr<std::string> Find(const std::string& key, std::string_view collection) const;
  // The key of a resource name; "" when it is none of ours.
  std::string KeyOf(const std::string& name) const;

 private:
  std::map<std::string, Resource> resources_;
  std::map<std::string, std::string> keys_;
};

}  // namespace ieum::play
