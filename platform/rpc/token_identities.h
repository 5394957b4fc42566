// Whom a signed token of the issuer names, and with which roles and centres.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/identity/key_source.h"
#include "platform/identity/token.h"
#include "platform/rpc/call.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::rpc {

struct TokenIdentityOptions {
  identity::TokenRules rules;
  // Where the claims are: a member's name, or a path of them ("/realm_access/roles").
  std::string roles_claim = "roles";
  std::string centres_claim = "centres";
  // The issuer's word for a role → ours. Empty: the words are ours already.
  std::map<std::string, std::string> role_names;
  // Roles that a token may give by itself; all others are given by grants. nullopt: every role.
  std::optional<std::set<std::string>> claimed_roles;
  std::function<absl::Time()> now = absl::Now;  // real time
};

// Pure. Roles that are no words of ours and centres that are no ids are left out; a missing claim
// is an empty list; a claim of another type is refused. Nobody's token holds a role of services or
// of emergencies.
absl::StatusOr<Identity> IdentityOf(const TokenIdentityOptions& options,
                                    const identity::Token& token);

// Thread-safe; never waits for the issuer.
class TokenIdentities {
 public:
  TokenIdentities(TokenIdentityOptions options, std::shared_ptr<identity::KeySource> keys,
                  telemetry::Metrics& metrics);

  // UNAUTHENTICATED says no more than whether a good token has expired; why it was refused is
  // counted. UNAVAILABLE, with a hint when to come back, while the keys are not there.
  absl::StatusOr<Identity> Identify(std::string_view token);

 private:
  using Keys = std::shared_ptr<const identity::KeySet>;
  struct Known {
    Identity identity;
    absl::Time expires;
  };
  absl::StatusOr<Identity> Verify(const identity::KeySet& keys, std::string_view token,
                                  const std::string& hash);
  bool Recall(const Keys& keys, const std::string& hash, Identity* identity);
  absl::Status Answer(const absl::Status& refusal);
  void Count(std::string_view outcome);

  const TokenIdentityOptions options_;
  const std::shared_ptr<identity::KeySource> keys_;
  telemetry::Metrics& metrics_;
  std::mutex mutex_;
  // Tokens found good under `known_under_`, by their hash: callers present one many times.
  std::unordered_map<std::string, Known> known_;
  Keys known_under_;
};

}  // namespace ieum::rpc
