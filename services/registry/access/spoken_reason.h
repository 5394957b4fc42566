// Words that say why somebody holds a role. They are kept in clear text, for as long as it must be
// known who was let in, and outlive an erasure: so they may not say by which numbers somebody is
// known or reached. A name cannot be told from other words. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace ieum::registry {

// INVALID_FIELD, blaming `field`, for what looks like an e-mail address or a phone number; the
// words themselves are never repeated. (A resident registration number comes into no text at all.)
absl::Status CheckSaysNobody(const std::string& reason, std::string_view field = "reason");

}  // namespace ieum::registry
