#include "services/registry/organizations/organization_tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/registry/v1/errors.pb.h"
#include "platform/base/status.h"

namespace ieum::registry {

absl::Status CheckPlace(const Organization& organization, const Place& place,
                        std::string_view field) {
  if (!place.parent || !place.parent->active()) {
    return base::InvalidField(v1::ERROR_REASON_PARENT_UNKNOWN, field,
                              "must be an active organization");
  }
  const bool has_parts = organization.kind == v1::ORGANIZATION_KIND_FIRM ||
                         organization.kind == v1::ORGANIZATION_KIND_CENTRE;
  if (!has_parts || place.parent->kind != organization.kind) {
    return base::InvalidField(
        v1::ERROR_REASON_ORGANIZATION_KIND, field,
        "only a firm can be a part of a firm, and a centre be below a centre");
  }
  if (std::find(place.above.begin(), place.above.end(), organization.id) != place.above.end()) {
    return base::InvalidField(v1::ERROR_REASON_PARENT_LOOP, field,
                              "must be neither the organization itself nor one below it");
  }
  if (static_cast<int>(place.above.size()) + place.levels > kTreeLevels) {
    return base::InvalidField(
        v1::ERROR_REASON_PARENT_TOO_DEEP, field,
        absl::StrCat("must leave a tree of at most ", kTreeLevels, " levels"));
  }
  return absl::OkStatus();
}

absl::Status RequireMayPlace(const base::Scope& scope, const Organization& organization) {
  if (organization.kind == v1::ORGANIZATION_KIND_FIRM || scope.everywhere()) {
    return absl::OkStatus();
  }
  return base::Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                     "only who acts for the whole suite may say which centre leads which");
}

}  // namespace ieum::registry
