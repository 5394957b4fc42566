// The centre that something new belongs to, among those that its maker acts for. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/base/scope.h"
#include "platform/base/uuid.h"

namespace ieum::base {

// `wanted`: what the maker said; nullopt = nothing. Nothing is the only centre of who acts for one,
// and the whole suite (nullopt) for who acts for that. INVALID_ARGUMENT (INVALID_FIELD) blaming
// `field` for a centre that he does not act for, in the same words whether there is such a one or
// not, and when he has to choose.
absl::StatusOr<std::optional<Uuid>> ChosenCentre(const Scope& scope,
                                                 const std::optional<Uuid>& wanted,
                                                 std::string_view field);

// What Scope::Holds takes: "" for the whole suite.
std::string CentreText(const std::optional<Uuid>& centre);

}  // namespace ieum::base
