#include "tools/play/json_file.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace ieum::play {

using nlohmann::json;

namespace {

std::vector<std::string> Parts(std::string_view path) {
  return absl::StrSplit(std::string(path), '.');
}

}  // namespace

absl::StatusOr<json> ReadJsonFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  try {
    return json::parse(file);
  } catch (const json::exception& error) {  // the library has no other way to say where
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", error.what()));
  }
}

const json* ValueAt(const json& whole, std::string_view path) {
  const json* value = &whole;
  if (path.empty()) return value;
  for (const std::string& part : Parts(path)) {
    if (!value->is_object()) return nullptr;
    const auto found = value->find(part);
    if (found == value->end()) return nullptr;
    value = &*found;
  }
  return value;
}

void PutAt(json& whole, std::string_view path, json value) {
  json* place = &whole;
  if (!path.empty()) {
    for (const std::string& part : Parts(path)) {
      place = &(*place)[part];
    }
  }
  *place = std::move(value);
}

absl::StatusOr<std::string> TextAt(const json& whole, std::string_view path) {
  const json* value = ValueAt(whole, path);
  if (value == nullptr) {
    return absl::InvalidArgumentError(fmt::format("field `{}` is missing", path));
  }
  if (!value->is_string()) {
    return absl::InvalidArgumentError(fmt::format("field `{}` must be text", path));
  }
  return value->get<std::string>();
}

}  // namespace ieum::play
