// The other side: a key that signs tokens, for `ieumctl token` and for tests. No service uses it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "nlohmann/json_fwd.hpp"
#include "platform/identity/key_set.h"

namespace ieum::identity {

// Immutable.
class SigningKey {
 public:
  enum class Kind { kRsa, kP256 };
  // A fresh key; `kid` names it.
  static absl::StatusOr<SigningKey> Make(Kind kind, const std::string& kid);
  // INVALID_ARGUMENT when the text is no private JWK; never the text.
  static absl::StatusOr<SigningKey> FromJson(std::string_view text);

  const std::string& kid() const { return kid_; }
  std::string PrivateJson() const;
  // A JWK set with this key's public half.
  std::string PublicSet() const;
  // RS256 or ES256 after its kind, `kid` and `typ` set.
  absl::StatusOr<std::string> Sign(const nlohmann::json& claims) const;
  // Exactly this header and these bytes, whatever they say: for tests of those who verify.
  absl::StatusOr<std::string> SignRaw(const nlohmann::json& header, std::string_view payload) const;

 private:
  SigningKey() = default;
  std::string Json(bool with_private) const;
  std::shared_ptr<void> handle_;
  std::string kid_;
  bool rsa_ = false;
};

}  // namespace ieum::identity
