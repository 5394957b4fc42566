#include "platform/config/config.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/str_join.h"
#include "platform/base/status.h"

namespace ieum::config {

Reader::Reader(Lookup lookup) : lookup_(std::move(lookup)) {
  if (lookup_) return;
  lookup_ = [](const std::string& variable) -> std::optional<std::string> {
    const char* value = std::getenv(variable.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

std::optional<std::string> Reader::Get(const char* variable, const char* help,
                                       std::string fallback) {
  entries_.push_back({variable, std::move(fallback), help});
  auto value = lookup_(variable);
  if (value && value->empty()) return std::nullopt;
  return value;
}

void Reader::Text(const char* variable, const char* help, std::string* field) {
  if (auto value = Get(variable, help, *field)) *field = *value;
}

void Reader::Required(const char* variable, const char* help, std::string* field) {
  if (auto value = Get(variable, help, "(required)")) {
    *field = *value;
  } else {
    Fault(std::string(variable) + " is not set: " + help);
  }
}

void Reader::Number(const char* variable, const char* help, int min, int max, int* field) {
  int64_t number = *field;
  Bytes(variable, help, min, max, &number);
  *field = static_cast<int>(number);
}

void Reader::Bytes(const char* variable, const char* help, int64_t min, int64_t max,
                   int64_t* field) {
  auto value = Get(variable, help, std::to_string(*field));
  if (!value) return;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error != std::errc() || end != value->data() + value->size() || number < min ||
      number > max) {
    Fault(std::string(variable) + " is '" + *value + "', must be a whole number from " +
          std::to_string(min) + " to " + std::to_string(max));
    return;
  }
  *field = number;
}

void Reader::Flag(const char* variable, const char* help, bool* field) {
  auto value = Get(variable, help, *field ? "true" : "false");
  if (!value) return;
  if (*value != "true" && *value != "false") {
    Fault(std::string(variable) + " is '" + *value + "', must be true or false");
    return;
  }
  *field = *value == "true";
}

void Reader::Duration(const char* variable, const char* help, absl::Duration* field) {
  auto value = Get(variable, help, absl::FormatDuration(*field));
  if (!value) return;
  absl::Duration duration;
  if (!absl::ParseDuration(*value, &duration) || duration < absl::ZeroDuration() ||
      duration == absl::InfiniteDuration()) {
    Fault(std::string(variable) + " is '" + *value + "', must be a duration such as 500ms or 3s");
    return;
  }
  *field = duration;
}

void Reader::OneOf(const char* variable, const char* help, std::vector<std::string> words,
                   std::string* field) {
  auto value = Get(variable, help, *field);
  if (!value) return;
  if (std::find(words.begin(), words.end(), *value) == words.end()) {
    Fault(std::string(variable) + " is '" + *value + "', must be one of " +
          absl::StrJoin(words, ", "));
    return;
  }
  *field = *value;
}

void Reader::SecretFile(const char* variable, const char* help, bool required, std::string* field,
                        std::string* into_path) {
  auto path = Get(variable, help, required ? "(required)" : "");
  if (!path) {
    if (required) Fault(std::string(variable) + " is not set: " + help);
    return;
  }
  std::ifstream file(*path, std::ios::binary);
  std::ostringstream content;
  if (file) content << file.rdbuf();
  std::string secret = content.str();
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) {
    Fault(std::string(variable) + " names a file that cannot be read or is empty");
    return;
  }
  *field = std::move(secret);
  if (into_path != nullptr) *into_path = *path;
}

void Reader::Fault(std::string_view sentence) { faults_.emplace_back(sentence); }

absl::Status Reader::Finish() const {
  if (faults_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(faults_, "\n"));
}

std::string Reader::HelpTable() const {
  size_t names = 8, defaults = 7;
  for (const Entry& entry : entries_) {
    names = std::max(names, entry.variable.size());
    defaults = std::max(defaults, entry.fallback.size());
  }
  std::string table =
      fmt::format("{:<{}}  {:<{}}  {}\n", "variable", names, "default", defaults, "meaning");
  for (const Entry& entry : entries_) {
    table += fmt::format("{:<{}}  {:<{}}  {}\n", entry.variable, names, entry.fallback, defaults,
                         entry.help);
  }
  return table;
}

}  // namespace ieum::config
