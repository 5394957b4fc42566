// Key files in a backup: sealed under a passphrase that is kept somewhere else.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace ieum::backup {

inline constexpr size_t kPassphraseMin = 12;  // bytes

// The first line of the file. INVALID_ARGUMENT when it is too short to hold.
absl::StatusOr<std::string> ReadPassphrase(const std::string& path);

using KeyFiles = std::map<std::string, std::string>;  // name → content

std::string NewSalt();  // base64url
// Takes about a second and 256 MiB, on purpose; INTERNAL when the machine lacks the memory.
absl::StatusOr<std::string> SealKeys(const KeyFiles& keys, const std::string& passphrase,
                                     const std::string& salt, const std::string& binding);
// DATA_LOSS when the passphrase is another, the box was altered, or what it is bound to was.
absl::StatusOr<KeyFiles> OpenKeys(const std::string& box, const std::string& passphrase,
                                  const std::string& salt, const std::string& binding);

}  // namespace ieum::backup
