// Who calls: the bearer token of `authorization` against a file of known tokens,
//
//   [{"token": "…", "subject": "staff/kim", "roles": ["programme_manager"], "centres": ["*"]}]
//
// or the same objects one a line. Each role is held in each centre; without `centres` everywhere,
// because such tokens are for local use. A service has the role "service", which means its own as
// well. Only hashes of those tokens are kept. What is not among them may be a signed token of an
// issuer (TokenIdentities).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/rpc/call.h"

namespace ieum::rpc {

class TokenIdentities;

// Immutable once it serves.
class Authenticator {
 public:
  // Nobody is known: every call is refused.
  Authenticator() = default;
  // INVALID_ARGUMENT names the entry that is wrong, never a token.
  static absl::StatusOr<Authenticator> FromTokens(std::string_view text);

  void AlsoAccept(std::shared_ptr<TokenIdentities> signed_tokens);

  // `authorization`: the whole metadata value. UNAUTHENTICATED for what is not known, in the same
  // words whatever it is; UNAVAILABLE while the issuer's keys are not there. Never waits.
  absl::StatusOr<Identity> Identify(std::string_view authorization) const;

 private:
  std::map<std::string, Identity> by_hash_;
  std::shared_ptr<TokenIdentities> signed_tokens_;
};

}  // namespace ieum::rpc
