#include "tools/plan/yaml_reader.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace ieum::plan {

int LineOf(const YAML::Node& node) { return node.IsDefined() ? node.Mark().line + 1 : 0; }

std::optional<YAML::Node> Parse(const std::string& text, std::vector<Fault>* faults) {
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {  // the library has no other way to say it
    faults->push_back({error.mark.line + 1, absl::StrCat("is no YAML: ", error.msg)});
    return std::nullopt;
  }
}

Map::Map(const YAML::Node& node, std::string what, std::vector<Fault>* faults)
    : node_(node), what_(std::move(what)), faults_(faults), line_(plan::LineOf(node)) {
  if (!node_.IsDefined() || node_.IsMap()) return;
  faults_->push_back({line_, absl::StrCat(what_, " must be a mapping of names to values")});
  node_.reset(YAML::Node(YAML::NodeType::Map));
}

YAML::Node Map::Find(const std::string& key, bool needed) {
  asked_.insert(key);
  // A missing value of a node that is not const would be made.
  const YAML::Node& node = node_;
  const YAML::Node found = node.IsDefined() ? node[key] : YAML::Node(YAML::NodeType::Undefined);
  const bool given = found.IsDefined() && !found.IsNull();
  if (!given && needed) faults_->push_back({line_, absl::StrCat(what_, " needs `", key, "`")});
  return given ? found : YAML::Node(YAML::NodeType::Undefined);
}

std::string Map::Text(const std::string& key, bool needed) {
  const YAML::Node value = Find(key, needed);
  if (!value.IsDefined()) return "";
  if (value.IsScalar()) return value.Scalar();
  Blame(key, "must be a text");
  return "";
}

int Map::Int(const std::string& key, bool needed) {
  const std::string text = Text(key, needed);
  int number = 0;
  if (!text.empty() && !absl::SimpleAtoi(text, &number)) Blame(key, "must be a whole number");
  return number;
}

bool Map::Bool(const std::string& key) {
  const std::string text = Text(key);
  if (!text.empty() && text != "true" && text != "false") Blame(key, "must be true or false");
  return text == "true";
}

std::vector<YAML::Node> Map::List(const std::string& key) {
  const YAML::Node value = Find(key, false);
  if (!value.IsDefined()) return {};
  std::vector<YAML::Node> items;
  if (value.IsSequence()) {
    for (const auto& item : value) items.push_back(item);
  } else {
    Blame(key, "must be a list");
  }
  return items;
}

YAML::Node Map::Value(const std::string& key) { return Find(key, false); }

int Map::LineOfValue(const std::string& key) const {
  const YAML::Node& node = node_;
  const YAML::Node value = node.IsDefined() ? node[key] : YAML::Node(YAML::NodeType::Undefined);
  return value.IsDefined() ? plan::LineOf(value) : line_;
}

void Map::Blame(const std::string& key, const std::string& what) {
  faults_->push_back({LineOfValue(key), absl::StrCat("`", key, "` ", what)});
}

void Map::Finish() {
  if (!node_.IsDefined()) return;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    if (asked_.contains(key)) continue;
    faults_->push_back({plan::LineOf(entry.first), absl::StrCat(what_, " knows no `", key, "`")});
  }
}

nlohmann::json ToJson(const YAML::Node& node) {
  if (node.IsMap()) {
    nlohmann::json object = nlohmann::json::object();
    for (const auto& entry : node) object[entry.first.Scalar()] = ToJson(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& item : node) list.push_back(ToJson(item));
    return list;
  }
  if (!node.IsScalar()) return nullptr;
  const bool quoted = node.Tag() == "!";
  if (!quoted && node.Scalar() == "true") return true;
  if (!quoted && node.Scalar() == "false") return false;
  return node.Scalar();
}

}  // namespace ieum::plan
