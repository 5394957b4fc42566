#include "services/notify/templates/mustache.h"

#include <cstring>
#include <kainjow/mustache.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/text.h"

namespace ieum::notify {
namespace {

namespace mustache = kainjow::mustache;

absl::Status Unreadable(const std::string& text, size_t at, const char* why) {
  return absl::InvalidArgumentError(
      absl::StrCat(why, ", at character ", base::CodePoints(text.substr(0, at)) + 1));
}

// A tag between "{{" and "}}".
struct Tag {
  char kind = 'v';  // v, #, ^, /, !
  std::string name;
};

absl::StatusOr<Tag> ReadTag(const std::string& text, size_t open, size_t* after) {
  const bool triple = text.compare(open, 3, "{{{") == 0;
  const size_t from = open + (triple ? 3 : 2);
  const std::string end = triple ? "}}}" : "}}";
  const size_t close = text.find(end, from);
  if (close == std::string_view::npos) return Unreadable(text, open, "a {{ is not closed");
  *after = close + end.size();
  std::string inner = text.substr(from, close - from);
  absl::StripAsciiWhitespace(&inner);
  Tag tag;
  if (!triple && !inner.empty() && std::strchr("#^/!&>=", inner[0]) != nullptr) {
    if (inner[0] == '>') return Unreadable(text, open, "partials are not taken");
    if (inner[0] == '=') return Unreadable(text, open, "other delimiters are not taken");
    if (inner[0] != '&') tag.kind = inner[0];
    inner.erase(0, 1);
    absl::StripAsciiWhitespace(&inner);
  }
  tag.name = std::move(inner);
  if (tag.kind != '!' && tag.name.empty()) return Unreadable(text, open, "a {{ }} names nothing");
  return tag;
}

// Gives the renderer its values; an empty one counts as false, so that sections can ask for it.
class Values final : public mustache::basic_context<std::string> {
 public:
  explicit Values(const std::map<std::string, std::string>& values) {
    for (const auto& [name, value] : values) {
      data_.emplace(name, value.empty() ? mustache::data(false) : mustache::data(value));
    }
  }
  void push(const mustache::data*) override {}
  void pop() override {}
  const mustache::data* get(const std::string& name) const override {
    const auto found = data_.find(name);
    return found == data_.end() ? nullptr : &found->second;
  }
  const mustache::data* get_partial(const std::string&) const override { return nullptr; }

 private:
  std::map<std::string, mustache::data> data_;
};

}  // namespace

absl::StatusOr<TemplateVariables> VariablesOf(const std::string& text) {
  TemplateVariables variables;
  std::vector<std::string> open_sections;
  size_t after = 0;
  for (size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", after)) {
    auto tag = ReadTag(text, at, &after);
    if (!tag.ok()) return tag.status();
    if (tag->kind == '!') continue;
    if (tag->kind == '/') {
      if (open_sections.empty() || open_sections.back() != tag->name) {
        return Unreadable(text, at, "a section is closed that is not open");
      }
      open_sections.pop_back();
      continue;
    }
    variables.used.insert(tag->name);
    if (tag->kind == 'v' && open_sections.empty()) variables.needed.insert(tag->name);
    if (tag->kind != 'v') open_sections.push_back(tag->name);
  }
  if (!open_sections.empty()) return Unreadable(text, text.size(), "a section is not closed");
  const mustache::mustache parsed(text);
  if (!parsed.is_valid()) return absl::InvalidArgumentError(parsed.error_message());
  return variables;
}

absl::StatusOr<std::string> Render(const std::string& text,
                                   const std::map<std::string, std::string>& values) {
  auto variables = VariablesOf(text);
  if (!variables.ok()) return variables.status();
  std::vector<std::string> missing;
  for (const std::string& name : variables->needed) {
    const auto value = values.find(name);
    if (value == values.end() || value->second.empty()) missing.push_back(name);
  }
  if (!missing.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no value for ", absl::StrJoin(missing, ", ")));
  }
  mustache::mustache parsed(text);
  parsed.set_custom_escape([](const std::string& value) { return value; });
  Values context(values);
  return parsed.render(context);
}

}  // namespace ieum::notify
