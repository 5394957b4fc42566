// Who calls: the bearer token of `authorization` against a file of known tokens,
//
//   [{"token": "…", "subject": "staff/kim", "roles": ["programme_manager"], "centres": ["*"]}]
//
// or the same objects one a line. Only hashes of the tokens are kept.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "platform/rpc/call.h"

namespace ieum::rpc {

// Immutable.
class Authenticator {
 public:
  // Nobody is known: every call is refused.
  Authenticator() = default;
  // INVALID_ARGUMENT names the entry that is wrong, never a token.
  static absl::StatusOr<Authenticator> FromTokens(std::string_view text);

  // `authorization`: the whole metadata value. UNAUTHENTICATED otherwise.
  absl::StatusOr<Identity> Identify(std::string_view authorization) const;

 private:
  std::map<std::string, Identity> by_hash_;
};

}  // namespace ieum::rpc
