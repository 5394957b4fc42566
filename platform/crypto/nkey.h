// Keys by which processes show the broker who they are (NATS nkeys): Ed25519, written in base32
// with a check sum. A seed begins with SU, the public key that belongs to it with U.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace ieum::crypto {

// INVALID_ARGUMENT when the text is no seed of a user; it never repeats the text. Pure.
absl::StatusOr<std::string> NkeyPublicKey(std::string_view seed);

}  // namespace ieum::crypto
