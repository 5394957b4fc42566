#include "services/casemgmt/names.h"

#include "platform/base/status.h"

namespace ieum::casemgmt {

std::string NameIn(std::string_view collection, const std::optional<base::Uuid>& id) {
  if (!id) return "";
  return std::string(collection) + "/" + id->ToString();
}

absl::StatusOr<base::Uuid> IdIn(std::string_view collection, std::string_view name,
                                std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, base::IdsIn(std::string(collection) + "/{}", name, field));
  return ids.front();
}

absl::StatusOr<std::optional<base::Uuid>> OptionalIdIn(std::string_view collection,
                                                       std::string_view name,
                                                       std::string_view field) {
  if (name.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn(collection, name, field));
  return std::optional<base::Uuid>(id);
}

absl::StatusOr<std::optional<base::Uuid>> ChosenId(std::string_view text, std::string_view field) {
  if (text.empty()) return std::optional<base::Uuid>();
  ASSIGN_OR_RETURN(const base::Uuid id, base::ParseUuid(text, field));
  return std::optional<base::Uuid>(id);
}

}  // namespace ieum::casemgmt
