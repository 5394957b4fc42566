// Where the broker is, who we are there, and by what we know it, from the environment.
#pragma once

#include <string>

#include "platform/broker/access.h"
#include "platform/config/config.h"
#include "platform/runtime/tls_settings.h"

namespace ieum::runtime {

struct BrokerSettings {
  broker::Access access;
  bool password_allowed = false;
};

// Faults stay in the reader; one is that neither a seed with TLS nor permission for less is there.
// To a broker that asks for one, our certificate for callers is shown.
BrokerSettings ReadBrokerSettings(config::Reader& reader, const TlsSettings& tls);
// With a seed, `service` lives in a room of its own.
broker::Access AccessOf(const BrokerSettings& settings, const std::string& service);
// The files as they are now can be used.
void CheckBrokerFiles(config::Reader& reader, const BrokerSettings& settings);

}  // namespace ieum::runtime
