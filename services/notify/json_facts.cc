#include "services/notify/json_facts.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_split.h"

namespace ieum::notify {

std::string FactsToJson(const Facts& facts) {
  return nlohmann::json(facts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Facts FactsFromJson(const std::string& json) {
  Facts facts;
  const auto parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return facts;
  for (const auto& [name, value] : parsed.items()) {
    if (value.is_string()) facts[name] = value.get<std::string>();
  }
  return facts;
}

std::vector<base::Uuid> IdsFromText(const std::string& text) {
  std::vector<base::Uuid> ids;
  const std::vector<std::string> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  for (const std::string& word : words) {
    if (const auto id = base::Uuid::Parse(word)) ids.push_back(*id);
  }
  return ids;
}

}  // namespace ieum::notify
