#include "platform/rpc/roles.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "platform/base/status.h"
#include "platform/base/uuid.h"

namespace ieum::rpc {

// Made from the file by the build.
extern const char kShippedRoles[];

namespace {

constexpr char kEverywhereOnly[] = "everywhere_only";
constexpr char kGives[] = "gives";
constexpr char kPlatform[] = "platform.*";
constexpr char kOfCentres[] = "platform.personal_data.*";

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

bool AnyCovers(const std::vector<std::string>& patterns, std::string_view permission) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return Covers(pattern, permission); });
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
  RETURN_IF_ERROR(roles.ReadGives(root));
  if (root.contains(kEverywhereOnly)) {
    ASSIGN_OR_RETURN(const auto patterns, PatternsOf(kEverywhereOnly, root[kEverywhereOnly]));
    roles.everywhere_only_.insert(roles.everywhere_only_.end(), patterns.begin(), patterns.end());
  }
  return roles;
}

absl::Status Roles::ReadGives(const nlohmann::json& root) {
  if (!root.contains(kGives)) return absl::OkStatus();
  if (!root[kGives].is_object()) return Bad("`gives` is not an object of roles");
  for (const auto& [role, list] : root[kGives].items()) {
    ASSIGN_OR_RETURN(gives_[role], PatternsOf(role, list));
    for (const std::string& given : gives_[role]) {
      if (Knows(role) && Knows(given)) continue;
      return Bad(absl::StrCat(role, " gives ", given, ", and one of them is no role"));
    }
  }
  return absl::OkStatus();
}

Roles Roles::Shipped() { return *FromJson(kShippedRoles); }

bool Roles::RoleAllows(const std::string& role, std::string_view permission) const {
  const auto found = patterns_.find(role);
  return found != patterns_.end() && AnyCovers(found->second, permission);
}

bool Roles::Allow(const std::vector<std::string>& roles, std::string_view permission) const {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const std::string& role) { return RoleAllows(role, permission); });
}

bool Roles::EverywhereOnly(std::string_view permission) const {
  if (Covers(kPlatform, permission) && !Covers(kOfCentres, permission)) return true;
  return AnyCovers(everywhere_only_, permission);
}

base::Scope Roles::ScopeOf(const std::vector<Grant>& grants, std::string_view permission) const {
  return ScopeOfAll(grants, {permission});
}

base::Scope Roles::ScopeOfAll(const std::vector<Grant>& grants,
                              const std::vector<std::string_view>& permissions) const {
  std::vector<std::string> centres;
  for (const Grant& grant : grants) {
    const bool carries = std::all_of(permissions.begin(), permissions.end(), [&](const auto& each) {
      return RoleAllows(grant.role, each);
    });
    if (!carries) continue;
    if (grant.centre == kEverywhere) return base::Scope::Everywhere();
    // A word that is no id names no centre.
    if (const auto id = base::Uuid::Parse(grant.centre)) centres.push_back(id->ToString());
  }
  const bool suites = std::any_of(permissions.begin(), permissions.end(),
                                  [&](const auto& each) { return EverywhereOnly(each); });
  return suites ? base::Scope() : base::Scope::Of(std::move(centres));
}

// A pattern covers another one as it would a permission: its `*` takes the other's `*`, nothing
// else does.
bool Roles::Cover(const std::vector<std::string>& own, const std::string& role) const {
  const auto found = patterns_.find(role);
  if (found == patterns_.end()) return false;
  return std::all_of(found->second.begin(), found->second.end(),
                     [&](const std::string& pattern) { return Allow(own, pattern); });
}

bool Roles::Give(const std::vector<std::string>& own, const std::string& role) const {
  return std::any_of(own.begin(), own.end(), [&](const std::string& each) {
    const auto found = gives_.find(each);
    return found != gives_.end() &&
           std::find(found->second.begin(), found->second.end(), role) != found->second.end();
  });
}

}  // namespace ieum::rpc
