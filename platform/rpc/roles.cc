#include "platform/rpc/roles.h"

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/base/status.h"

namespace ieum::rpc {

// Made from the file by the build.
extern const char kShippedRoles[];

namespace {

absl::Status Bad(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("roles: ", what));
}

// Takes the part before the first dot off.
std::string_view NextPart(std::string_view* text) {
  const size_t dot = text->find('.');
  const std::string_view part = text->substr(0, dot);
  *text = dot == std::string_view::npos ? std::string_view() : text->substr(dot + 1);
  return part;
}

bool Covers(std::string_view pattern, std::string_view permission) {
  while (!pattern.empty() && !permission.empty()) {
    if (pattern == "*") return true;  // the last part: all that follows
    const std::string_view want = NextPart(&pattern), have = NextPart(&permission);
    if (want != "*" && want != have) return false;
  }
  return pattern.empty() && permission.empty();
}

absl::StatusOr<std::vector<std::string>> PatternsOf(const std::string& role,
                                                    const nlohmann::json& list) {
  if (!list.is_array()) return Bad(absl::StrCat(role, " is not a list of permissions"));
  std::vector<std::string> patterns;
  for (const auto& entry : list) {
    if (!entry.is_string() || entry.get<std::string>().empty()) {
      return Bad(absl::StrCat(role, " holds something that is no permission"));
    }
    patterns.push_back(entry.get<std::string>());
  }
  return patterns;
}

}  // namespace

absl::StatusOr<Roles> Roles::FromJson(std::string_view json) {
  const auto root = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("roles") || !root["roles"].is_object()) {
    return Bad("the text is not an object with `roles`");
  }
  Roles roles;
  for (const auto& [role, list] : root["roles"].items()) {
    ASSIGN_OR_RETURN(roles.patterns_[role], PatternsOf(role, list));
  }
  return roles;
}

Roles Roles::Shipped() { return *FromJson(kShippedRoles); }

bool Roles::Allow(const std::vector<std::string>& roles, std::string_view permission) const {
  for (const std::string& role : roles) {
    const auto found = patterns_.find(role);
    if (found == patterns_.end()) continue;
    for (const std::string& pattern : found->second) {
      if (Covers(pattern, permission)) return true;
    }
  }
  return false;
}

}  // namespace ieum::rpc
