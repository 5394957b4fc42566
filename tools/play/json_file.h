// Files of JSON, and values inside of it by dotted path.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace ieum::play {

// NOT_FOUND or INVALID_ARGUMENT that names the file, and line and column of what cannot be read.
absl::StatusOr<nlohmann::json> ReadJsonFile(const std::string& path);

// The value at `path` ("plan.tasks"; "" = the whole), or null when there is none. The value lives
// in `json`.
const nlohmann::json* ValueAt(const nlohmann::json& json, std::string_view path);
// Puts it there, making objects on the way.
void PutAt(nlohmann::json& json, std::string_view path, nlohmann::json value);

// The text at `path`; INVALID_ARGUMENT when it is absent or no text.
absl::StatusOr<std::string> TextAt(const nlohmann::json& json, std::string_view path);

}  // namespace ieum::play
