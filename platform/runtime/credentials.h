// Keys, roles and who may call: what a process was given to guard, read once at its start.
#pragma once

#include <optional>

#include "platform/config/config.h"
#include "platform/crypto/seal.h"
#include "platform/crypto/vault.h"
#include "platform/rpc/roles.h"
#include "platform/runtime/settings.h"

namespace ieum::runtime {

struct Credentials {
  std::optional<crypto::Key> seal_key;
  std::optional<crypto::Vault> vault;
  std::optional<rpc::Roles> roles;
};

// Content that nobody can use is a fault of the configuration, like a variable that is not set:
// faults stay in the reader, and what they concern stays empty.
Credentials ParseCredentials(config::Reader& reader, const Settings& settings);

}  // namespace ieum::runtime
