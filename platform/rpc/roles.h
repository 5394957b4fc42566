// Which role holds which permissions. Data, not code: `deploy/roles.json`,
//
//   {"roles": {"operator": ["platform.*"], "auditor": ["registry.*.list"]},
//    "gives": {"programme_manager": ["supervisor"]},
//    "everywhere_only": ["notify.rules.update"]}
//
// A pattern is a permission whose parts between dots may be `*`: any one part, or as the last one,
// all that follows. What no pattern grants is denied. A role `gives` roles that allow more than it
// does itself: who runs a programme says who counsels, and reads no counsellor's notes. Permissions
// that `everywhere_only` covers
// concern the whole suite: a grant in one centre does not carry them. Those of the platform
// (`platform.*`) are always among them, but for `platform.personal_data.*`, which tells rows of
// centres.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"
#include "platform/base/scope.h"
#include "platform/rpc/identity.h"

namespace ieum::rpc {

// Immutable.
class Roles {
 public:
  // INVALID_ARGUMENT says what is wrong with the text.
  static absl::StatusOr<Roles> FromJson(std::string_view json);
  // The file that this build was made with.
  static Roles Shipped();

  bool Allow(const std::vector<std::string>& roles, std::string_view permission) const;
  // The centres in which these grants carry the permission.
  base::Scope ScopeOf(const std::vector<Grant>& grants, std::string_view permission) const;
  // Where one and the same grant carries all of them: what several grants carry together in a
  // centre is not what one of them allows there.
  base::Scope ScopeOfAll(const std::vector<Grant>& grants,
                         const std::vector<std::string_view>& permissions) const;
  // Whether `own` allow all that `role` allows, now and whatever permissions are added later:
  // pattern against pattern. False for a role that is not known.
  bool Cover(const std::vector<std::string>& own, const std::string& role) const;
  // Whether one of `own` gives `role` although it does not allow all of it.
  bool Give(const std::vector<std::string>& own, const std::string& role) const;
  bool EverywhereOnly(std::string_view permission) const;
  bool Knows(const std::string& role) const { return patterns_.contains(role); }

 private:
  // What the file says under `gives`.
  absl::Status ReadGives(const nlohmann::json& root);
  bool RoleAllows(const std::string& role, std::string_view permission) const;

  std::map<std::string, std::vector<std::string>> patterns_;
  std::map<std::string, std::vector<std::string>> gives_;
  std::vector<std::string> everywhere_only_;  // of the file
};

}  // namespace ieum::rpc
