// The wrapping keys of a vault, as its key file holds them:
//
//   <base64 of 32 bytes>          wraps and unwraps; a file of this one line is the usual one
//   <base64 of 32 bytes>          unwraps only: older, on its way out; any number of these
//   index <base64 of 32 bytes>    of the blind indexes; without it, it follows from the first key
//
// A new wrapping key comes in front, and the key of the indexes stays what it was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/crypto/seal.h"

namespace ieum::crypto {

// Names a key without telling anything of it: 16 hexadecimal digits.
std::string KeyId(const Key& key);

// Immutable, but for being assigned.
class KeyRing {
 public:
  explicit KeyRing(Key only);
  // INVALID_ARGUMENT says which line is wrong, never what stands there.
  static absl::StatusOr<KeyRing> FromText(std::string_view text);
  std::string ToText() const;

  const Key& newest() const { return keys_.front(); }
  const std::vector<Key>& keys() const { return keys_; }  // newest first, at least one
  const Key& index() const { return index_; }
  bool Has(std::string_view key_id) const;

  KeyRing With(Key newest) const;
  // Opens what the other opens, too; wraps and searches as before.
  KeyRing AlsoOpening(const KeyRing& other) const;
  // FAILED_PRECONDITION when it is the newest, NOT_FOUND when there is none.
  absl::StatusOr<KeyRing> Without(std::string_view key_id) const;

 private:
  KeyRing(std::vector<Key> keys, Key index);
  std::vector<Key> keys_;
  Key index_;
};

}  // namespace ieum::crypto
