// Where grants are kept that no token names. The server asks it for every call.
#pragma once

#include "absl/status/status.h"
#include "platform/rpc/identity.h"

namespace ieum::rpc {

// Thread-safe; never waits: it answers from memory.
class GrantSource {
 public:
  virtual ~GrantSource() = default;
  // Adds what the subject was given, and whatever is held in a centre for the centres below it, too
  // (but for emergencies); takes everything from one that was closed, wherever it
  // came from. Services are left as they are. UNAVAILABLE when nobody knows what holds now.
  virtual absl::Status Complete(Identity* identity) const = 0;
};

}  // namespace ieum::rpc
