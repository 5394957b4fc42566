// Which role holds which permissions. Data, not code: `deploy/roles.json`,
//
//   {"roles": {"operator": ["platform.*"], "auditor": ["registry.*.read"]}}
//
// A pattern is a permission whose parts between dots may be `*`: any one part, or as the last one,
// all that follows. What no pattern grants is denied.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace ieum::rpc {

// Immutable.
class Roles {
 public:
  // INVALID_ARGUMENT says what is wrong with the text.
  static absl::StatusOr<Roles> FromJson(std::string_view json);
  // The file that this build was made with.
  static Roles Shipped();

  bool Allow(const std::vector<std::string>& roles, std::string_view permission) const;
  bool Knows(const std::string& role) const { return patterns_.contains(role); }

 private:
  std::map<std::string, std::vector<std::string>> patterns_;
};

}  // namespace ieum::rpc
