// YAML of a plan file: values by name, with every fault and its line kept instead of thrown.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tools/plan/plan_file.h"

namespace ieum::plan {

// Line of the file, from 1.
int LineOf(const YAML::Node& node);

// The file's one value; nullopt when it is no YAML, which is a fault.
std::optional<YAML::Node> Parse(const std::string& text, std::vector<Fault>* faults);

// One mapping of the file. What is asked for is known; what is left over is a fault.
class Map {
 public:
  // `what` names it in faults: "a line".
  Map(const YAML::Node& node, std::string what, std::vector<Fault>* faults);

  int line() const { return line_; }
  // Text or number as text; "" when it is absent, which is a fault of a needed one.
  std::string Text(const std::string& key, bool needed = false);
  // 0 when it is absent; a fault when it is no whole number.
  int Int(const std::string& key, bool needed = false);
  bool Bool(const std::string& key);
  // Values of a list; none when it is absent.
  std::vector<YAML::Node> List(const std::string& key);
  // The value as it is; undefined when it is absent.
  YAML::Node Value(const std::string& key);
  // Line of a value, or of the whole.
  int LineOfValue(const std::string& key) const;
  void Blame(const std::string& key, const std::string& what);
  // Call last: blames every key that nobody asked for.
  void Finish();

 private:
  YAML::Node Find(const std::string& key, bool needed);

  YAML::Node node_;
  std::string what_;
  std::vector<Fault>* faults_;
  int line_ = 0;
  std::set<std::string> asked_;
};

// Mappings, lists and texts as JSON; what is written without quotes as true or false is that.
nlohmann::json ToJson(const YAML::Node& node);

}  // namespace ieum::plan
