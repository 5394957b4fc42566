// JSON of tokens and key sets, read without leeway: two readers of one text must not see two
// things.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace ieum::identity {

// The object that `text` is as a whole. Nothing when it is no JSON, no object, or when any object
// in it names a member twice: some readers keep the first, some the last.
std::optional<nlohmann::json> ReadObject(std::string_view text);

}  // namespace ieum::identity
