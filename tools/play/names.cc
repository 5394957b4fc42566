#include "tools/play/names.h"

namespace ieum::play {

absl::Status Names::Define(const std::string& key, Resource resource) {
  const auto [place, is_new] = resources_.emplace(key, resource);
  if (!is_new) return absl::AlreadyExistsError(fmt::format("key {} is used twice", key));
  keys_[resource.name] = key;
  return absl::OkStatus();
}

absl::StatusOr<std::string> Names::Find(const std::string& key, std::string_view collection) const {
  const auto found = resources_.find(key);
  if (found == resources_.end()) {
    return absl::NotFoundError(fmt::format("nothing has the key {} so far", key));
  }
  if (found->second.collection != collection) {
    return absl::InvalidArgumentError(
        fmt::format("{} is one of {}, not of {}", key, found->second.collection, collection));
  }
  return found->second.name;
}

std::string Names::KeyOf(const std::string& name) const {
  const auto found = keys_.find(name);
  return found == keys_.end() ? "" : found->second;
}

}  // namespace ieum::play
