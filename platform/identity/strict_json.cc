#include "platform/identity/strict_json.h"

#include <set>
#include <string>
#include <vector>

namespace ieum::identity {

using nlohmann::json;

std::optional<json> ReadObject(std::string_view text) {
  std::vector<std::set<std::string>> open;  // members so far of the objects around
  bool repeated = false;
  const json::parser_callback_t watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key) {
      repeated |= !open.back().insert(parsed.get<std::string>()).second;
    }
    return true;
  };
  json object = json::parse(text, watch, /*allow_exceptions=*/false);
  if (repeated || !object.is_object()) return std::nullopt;
  return object;
}

}  // namespace ieum::identity
