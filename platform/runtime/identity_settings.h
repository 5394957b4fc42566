// Who may call, from the environment: signed tokens of an issuer (OpenID Connect), a file of static
// tokens where that is allowed, or both.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "platform/config/config.h"
#include "platform/identity/key_cache.h"
#include "platform/identity/key_fetch.h"
#include "platform/rpc/authenticator.h"
#include "platform/rpc/token_identities.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::runtime {

struct IdentitySettings {
  bool static_tokens_allowed = false;
  std::string tokens;     // content of the file of static tokens
  std::string keys_file;  // one of the two, when there is an issuer
  identity::KeysAddress keys_address;
  identity::KeyTimes key_times;
  rpc::TokenIdentityOptions options;  // rules.issuer is empty without one
};

// Faults stay in the reader; one is that nobody could call.
IdentitySettings ReadIdentitySettings(config::Reader& reader);

// Begins to fetch the issuer's keys, if there is one. INVALID_ARGUMENT for static tokens that
// cannot be read.
absl::StatusOr<rpc::Authenticator> MakeAuthenticator(const IdentitySettings& settings,
                                                     telemetry::Metrics& metrics);

}  // namespace ieum::runtime
