// What makes personal values unreadable: each person has a key of their own, wrapped by a key that
// is not in the database. Destroying the person's key destroys every value sealed with it, in
// backups too. This is the cryptography; the table of wrapped keys is platform/db's PersonKeys.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/crypto/seal.h"

namespace ieum::crypto {

// Thread-safe, immutable.
class Vault {
 public:
  explicit Vault(Key wrapping_key);

  // A fresh person key, wrapped for storage.
  std::string NewWrappedKey(const base::Uuid& person) const;
  // DATA_LOSS when the wrapping key is not the one that wrapped it.
  absl::StatusOr<Key> Unwrap(const base::Uuid& person, std::string_view wrapped) const;

  // `field` (e.g. "email") is bound into the box, so that values cannot be swapped between fields.
  std::string SealValue(const Key& person_key, std::string_view field,
                        std::string_view value) const;
  absl::StatusOr<std::string> OpenValue(const Key& person_key, std::string_view field,
                                        std::string_view box) const;

  // Exact-match search key of a normalised value; the same value gives the same index.
  std::string BlindIndex(std::string_view field, std::string_view normalised) const;

 private:
  Key wrapping_;
  Key index_;
};

}  // namespace ieum::crypto
