#include "platform/rpc/roles.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "platform/base/status.h"

namespace ieum::rpc {

// Made from the file by the build.
extern const char kShippedRoles[];

namespace {

absl::Status Bad(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("roles: ", what));
}

bool Covers(const std::string& pattern, std::string_view permission) {
  const std::vector<std::string> want = absl::StrSplit(pattern, '.');
  const std::vector<std::string> have =
      absl::StrSplit(absl::string_view(permission.data(), permission.size()), '.');
  if (have.size() < want.size()) return false;
  for (size_t at = 0; at < want.size(); ++at) {
    if (want[at] != "*" && want[at] != have[at]) return false;
  }
  return have.size() == want.size() || want.back() == "*";
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
