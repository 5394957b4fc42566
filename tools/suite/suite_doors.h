// How a suite's doors and its broker are opened, from its suite.json:
//   {"tls": {"cert_file": …, "key_file": …, "ca_file": …},
//    "nats": {"url": …, "room": "auditor", "seed_file": …, "ca_file": …,
//             "cert_file": …, "key_file": …}, …}
// Without "tls" the services speak plaintext. A suite of old says "nats_url" or "nats_url_file".
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "platform/broker/access.h"

namespace ieum::suite {

// From here on this process speaks TLS with services, when the suite does. NOT_FOUND names a file
// that cannot be read.
absl::Status UseTlsOf(const nlohmann::json& suite);

struct BrokerDoor {
  std::string url;  // empty = not told
  broker::Access access;
};
absl::StatusOr<BrokerDoor> BrokerOf(const nlohmann::json& suite);

}  // namespace ieum::suite
