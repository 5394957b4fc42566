// Authenticated encryption and keyed hashes (libsodium). Keys are 32 bytes, read from files.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace ieum::crypto {

// A 32-byte key; wiped when destroyed; cannot be printed.
class Key {
 public:
  static constexpr size_t kBytes = 32;
  Key();  // random
  ~Key();
  Key(const Key&);
  Key& operator=(const Key&);
  // From base64 text of exactly 32 bytes.
  static absl::StatusOr<Key> FromBase64(std::string_view text);
  static absl::StatusOr<Key> FromBytes(std::string_view bytes);
  std::string_view bytes() const;
  std::string ToBase64() const;

 private:
  std::string bytes_;
};

// XChaCha20-Poly1305 with a random nonce in front; `context` is authenticated, not stored.
std::string Seal(const Key& key, std::string_view plain, std::string_view context);
// DATA_LOSS when the box was altered, the key or the context is another.
absl::StatusOr<std::string> Open(const Key& key, std::string_view box, std::string_view context);

// BLAKE2b-256. Keyed: a blind index, useless without the key.
std::string Hash(std::string_view data);
std::string KeyedHash(const Key& key, std::string_view data);
uint64_t Hash64(std::string_view data);

std::string Base64Url(std::string_view bytes);  // without padding
absl::StatusOr<std::string> FromBase64Url(std::string_view text);

}  // namespace ieum::crypto
