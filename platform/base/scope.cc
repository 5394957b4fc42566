#include "platform/base/scope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace ieum::base {

Scope Scope::Everywhere() {
  Scope scope;
  scope.everywhere_ = true;
  return scope;
}

Scope Scope::Of(std::vector<std::string> centres) {
  std::sort(centres.begin(), centres.end());
  centres.erase(std::unique(centres.begin(), centres.end()), centres.end());
  Scope scope;
  scope.centres_ = std::move(centres);
  return scope;
}

bool Scope::Holds(std::string_view centre) const {
  return everywhere_ ||
         (!centre.empty() && std::binary_search(centres_.begin(), centres_.end(), centre));
}

std::string Scope::AsArray() const { return absl::StrCat("{", absl::StrJoin(centres_, ","), "}"); }

}  // namespace ieum::base
