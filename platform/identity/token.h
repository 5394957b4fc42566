// A signed token (JWT, RFC 7519) as others present it: nothing in it is believed before its shape,
// its algorithm and its signature hold, in this order.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/identity/key_set.h"

namespace ieum::identity {

inline constexpr size_t kMaxTokenBytes = 4096;
inline constexpr size_t kMaxSubjectBytes = 128;

// Why a token is refused: for metrics and tests. A caller hears of none but kExpired.
enum class Refusal {
  kMalformed,   // no three parts of base64url, too large, no JSON, a member twice
  kHeader,      // `crit`, a key or a key's address of its own, another type of token, no `kid`
  kAlgorithm,   // not allowed, or not the key's
  kUnknownKey,  // no key of that `kid`
  kSignature,
  kIssuer,
  kAudience,
  kExpired,
  kNotYet,   // `nbf` or `iat` lies ahead
  kSubject,  // missing, too long, with characters that are not allowed, or a service's
  kClaims,   // `exp` is missing, or a claim has a type that it must not have
};
inline constexpr int kRefusals = static_cast<int>(Refusal::kClaims) + 1;

std::string_view WordOf(Refusal refusal);  // "malformed", "unknown_key"
// UNAUTHENTICATED that carries the refusal and nothing of the token.
absl::Status Refused(Refusal refusal);
Refusal RefusalOf(const absl::Status& status);

struct TokenRules {
  std::string issuer;    // `iss` is exactly this
  std::string audience;  // `aud` is this, or a list that holds it
  std::set<Algorithm> algorithms = {Algorithm::kRs256, Algorithm::kPs256, Algorithm::kEs256};
  absl::Duration leeway = absl::Seconds(30);  // between the issuer's clock and ours
};

struct Token {
  std::string subject;
  absl::Time expires;  // leeway included
  nlohmann::json claims;
};

// Pure. `now` is real time, never business time.
absl::StatusOr<Token> VerifyToken(const TokenRules& rules, const KeySet& keys,
                                  std::string_view compact, absl::Time now);

}  // namespace ieum::identity
