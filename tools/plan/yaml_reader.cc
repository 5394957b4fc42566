#include "tools/plan/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>

#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "platform/base/text.h"

namespace ieum::plan {
namespace {

// Sees a file go by before values are made of it, which hide what it blames: of two equal names the
// library keeps the first, of several documents too, and an alias may stand for itself or, through
// others, for more values than there is memory.
class Watch : public YAML::EventHandler {
 public:
  explicit Watch(std::vector<Fault>* faults) : faults_(faults) {}

  bool aliases() const { return aliases_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) Blame(mark, "a second document begins here: a plan is one");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { Pass(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    aliases_ = true;
    Blame(mark, "an alias stands here: write out what it stands for");
    Pass();
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    if (Pass() && !around_.back().names.insert(value).second) {
      Blame(mark, absl::StrCat("`", value, "` stands above already in the same mapping"));
    }
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Begin(false);
  }
  void OnSequenceEnd() override { around_.pop_back(); }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Begin(true);
  }
  void OnMapEnd() override { around_.pop_back(); }

 private:
  struct Level {
    bool is_map = false;
    bool name_next = false;  // of a mapping: a name, not a value
    std::set<std::string> names;
  };

  void Blame(const YAML::Mark& mark, std::string what) {
    faults_->push_back({mark.line + 1, std::move(what)});
  }
  // Whether what stands here is a name; behind it stands its value, and the other way round.
  bool Pass() {
    if (around_.empty() || !around_.back().is_map) return false;
    return std::exchange(around_.back().name_next, !around_.back().name_next);
  }
  void Begin(bool is_map) {
    Pass();
    around_.push_back({is_map, is_map, {}});
  }

  std::vector<Fault>* faults_;
  std::vector<Level> around_;
  int documents_ = 0;
  bool aliases_ = false;
};

}  // namespace

int LineOf(const YAML::Node& node) { return node.IsDefined() ? node.Mark().line + 1 : 0; }

std::optional<YAML::Node> Parse(const std::string& text, std::vector<Fault>* faults) {
  const bool small = text.size() <= kFileMax;
  if (!small || !base::IsValidUtf8(text)) {
    faults->push_back({0, small ? "is not UTF-8" : "is larger than 1 MiB, as no plan is"});
    return std::nullopt;
  }
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Watch watch(faults);
    while (parser.HandleNextDocument(watch)) {
    }
    if (watch.aliases()) return std::nullopt;
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
