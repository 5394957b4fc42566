#include "platform/base/chosen_centre.h"

#include "platform/base/status.h"

namespace ieum::base {

absl::StatusOr<std::optional<Uuid>> ChosenCentre(const Scope& scope,
                                                 const std::optional<Uuid>& wanted,
                                                 std::string_view field) {
  if (wanted) {
    if (scope.Holds(wanted->ToString())) return wanted;
    return InvalidField("INVALID_FIELD", field, "must be a centre that you act for");
  }
  if (scope.everywhere()) return std::optional<Uuid>();
  if (scope.centres().size() == 1) return Uuid::Parse(scope.centres().front());
  return InvalidField("INVALID_FIELD", field, "must name one of the centres that you act for");
}

std::string CentreText(const std::optional<Uuid>& centre) {
  return centre ? centre->ToString() : std::string();
}

}  // namespace ieum::base
