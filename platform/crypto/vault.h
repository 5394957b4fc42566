// What makes personal values unreadable: each person has a key of their own, wrapped by a key that
// is not in the database. Destroying the person's key destroys every value sealed with it, in
// backups too. This is the cryptography; the table of wrapped keys is platform/db's PersonKeys.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/base/uuid.h"
#include "platform/crypto/key_ring.h"
#include "platform/crypto/seal.h"

namespace ieum::crypto {

// A person's key as it is stored, and the wrapping key that holds it.
struct WrappedKey {
  std::string box;
  std::string key_id;
};

// Thread-safe; copies share their ring.
class Vault {
 public:
  // Reads the ring of its file anew: asked when a key was wrapped by one that is not known here.
  using Reload = std::function<absl::StatusOr<KeyRing>()>;
  explicit Vault(Key wrapping_key);
  explicit Vault(KeyRing ring, Reload reload = {});

  // A fresh person key, wrapped for storage.
  WrappedKey NewKey(const base::Uuid& person) const;
  std::string NewWrappedKey(const base::Uuid& person) const { return NewKey(person).box; }
  // The same key, wrapped by the newest wrapping key. DATA_LOSS as Unwrap.
  absl::StatusOr<WrappedKey> Rewrap(const base::Uuid& person, std::string_view wrapped) const;
  // DATA_LOSS when none of the wrapping keys wrapped it.
  absl::StatusOr<Key> Unwrap(const base::Uuid& person, std::string_view wrapped) const;

  // `field` (e.g. "email") is bound into the box, so that values cannot be swapped between fields.
  std::string SealValue(const Key& person_key, std::string_view field,
                        std::string_view value) const;
  absl::StatusOr<std::string> OpenValue(const Key& person_key, std::string_view field,
                                        std::string_view box) const;

  // Exact-match search key of a normalised value; the same value gives the same index.
  std::string BlindIndex(std::string_view field, std::string_view normalised) const;

  // Reads the file again; true when it has another ring than before.
  bool ReadAgain() const;

 private:
  struct Shared;
  std::shared_ptr<const KeyRing> Ring() const;
  std::shared_ptr<Shared> shared_;
};

}  // namespace ieum::crypto
