// What every service reads from its environment.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/config/config.h"
#include "platform/runtime/broker_settings.h"
#include "platform/runtime/identity_settings.h"
#include "platform/runtime/tls_settings.h"
#include "platform/runtime/tracing_settings.h"

namespace ieum::runtime {

struct Settings {
  std::string listen = "127.0.0.1";
  int grpc_port = 0;  // 0 = a free one
  int health_port = 0;
  int admin_port = 0;
  std::string ports_file;
  std::string log_level = "info";
  std::string db_conninfo;
  std::string db_password;
  int db_write_connections = 8;
  int db_read_connections = 8;
  int access_log_years = 2;
  std::string nats_url = "nats://127.0.0.1:4222";
  int64_t stream_max_bytes = int64_t{4} << 30;
  std::string clock = "system";
  bool simulated_clock_allowed = false;
  std::string roles;                         // content of the roles file
  std::string vault_key;                     // text of the wrapping keys' ring
  std::string vault_key_file;                // where it came from; read again when keys change
  std::string seal_key;                      // base64
  std::string peer_token;                    // what this process presents to others
  std::map<std::string, std::string> peers;  // service → host:port
  IdentitySettings identity;
  TlsSettings tls;
  BrokerSettings broker;
  TracingSettings tracing;
};

// Reads all of them; faults stay in the reader. `peers`: services whose address is required.
Settings ReadSettings(config::Reader& reader, const std::vector<std::string>& peers,
                      bool needs_vault);

// "IEUM_PEER_REGISTRY" for "registry".
std::string PeerVariable(const std::string& service);

}  // namespace ieum::runtime
