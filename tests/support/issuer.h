// An issuer of tokens for tests: two keys, a set of their public halves, and claims that are right
// until a test spoils them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "absl/time/time.h"
#include "platform/identity/key_set.h"
#include "platform/identity/signing_key.h"
#include "platform/identity/token.h"

namespace ieum::identity {

// Made once: an RSA key takes its time.
struct Issuer {
  Issuer();
  static const Issuer& Get();

  // Claims of a token that is good for an hour from `now`.
  nlohmann::json Claims() const;
  // Signed by the RSA key with RS256, or another algorithm of that key.
  std::string Token(const nlohmann::json& claims) const;
  std::string Token(const nlohmann::json& header, const nlohmann::json& claims) const;
  TokenRules Rules() const;
  absl::StatusOr<identity::Token> Verify(std::string_view token) const;

  const absl::Time now;
  SigningKey rsa, curve, stranger;  // the stranger's key is not in the set
  std::string public_set;
  KeySet keys;
};

// base64url(header).base64url(payload), unsigned.
std::string Unsigned(std::string_view header, std::string_view payload);

}  // namespace ieum::identity
