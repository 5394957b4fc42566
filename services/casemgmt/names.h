// Resource names of one level, `persons/{uuid}`, and the ids in them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

// "persons/0190…"; "" for an absent id.
std::string NameIn(std::string_view collection, const std::optional<base::Uuid>& id);

// The id in a name of that collection. INVALID_ARGUMENT blaming `field` otherwise.
absl::StatusOr<base::Uuid> IdIn(std::string_view collection, std::string_view name,
                                std::string_view field);
// The same; absent when the name is empty.
absl::StatusOr<std::optional<base::Uuid>> OptionalIdIn(std::string_view collection,
                                                       std::string_view name,
                                                       std::string_view field);
// A bare UUID that the caller may choose; absent when empty.
absl::StatusOr<std::optional<base::Uuid>> ChosenId(std::string_view text, std::string_view field);

}  // namespace ieum::casemgmt
