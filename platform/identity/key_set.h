// The public keys of an issuer: a JWK set (RFC 7517).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"

namespace ieum::identity {

// What a token may be signed with. Nothing symmetric, and never nothing. libcjose has no EdDSA.
enum class Algorithm { kRs256, kPs256, kEs256 };
std::optional<Algorithm> AlgorithmOf(std::string_view word);  // "RS256"; case counts

inline constexpr size_t kMaxKeySetBytes = 64 * 1024;
inline constexpr size_t kMaxKeys = 32;
inline constexpr int kMinRsaBits = 2048;
inline constexpr int kMaxRsaBits = 8192;  // what a check costs grows with it
inline constexpr size_t kMaxKidBytes = 128;

// Immutable, thread-safe.
class PublicKey {
 public:
  // Nothing for what we cannot use: another kind, another curve, too short, not for signatures.
  static std::optional<PublicKey> FromJwk(const nlohmann::json& jwk);

  // Whether this key may check signatures of that algorithm: its kind, and its own `alg` if any.
  bool Fits(Algorithm algorithm) const;
  // Whether `compact`, a JWS of which `algorithm` is known to fit, was signed with this key.
  bool Signed(std::string_view compact) const;

 private:
  PublicKey() = default;
  std::shared_ptr<void> handle_;
  bool rsa_ = false;
  std::optional<Algorithm> only_;
};

// Immutable, thread-safe.
class KeySet {
 public:
  // INVALID_ARGUMENT says what is wrong, without the text: too large, no JWK set, no key that can
  // be used, a `kid` twice, or a private or symmetric key, which nobody should have published. Keys
  // that we cannot use and keys without `kid` are passed over.
  static absl::StatusOr<KeySet> FromJson(std::string_view text);

  const PublicKey* Find(std::string_view kid) const;
  size_t size() const { return keys_.size(); }

 private:
  std::map<std::string, PublicKey, std::less<>> keys_;
};

// A `kid` is a word to look up and nothing else: 1 to 128 printable ASCII characters.
bool IsKid(std::string_view kid);

}  // namespace ieum::identity
