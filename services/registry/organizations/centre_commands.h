// To which centre something new is going to belong.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/ledger/unit_of_work.h"

namespace ieum::registry {

// `wanted`: as the caller said; nullopt = nothing. See base::ChosenCentre; INVALID_ARGUMENT blaming
// `field`, too, when no centre and no agency is registered under it.
absl::StatusOr<std::optional<base::Uuid>> CentreOfNew(ledger::UnitOfWork& work,
                                                      const std::optional<base::Uuid>& wanted,
                                                      std::string_view field);

}  // namespace ieum::registry
