#include "platform/runtime/settings.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace ieum::runtime {
namespace {

constexpr int kMaxPort = 65535;
constexpr int kMaxConnections = 64;
constexpr int64_t kStreamBytesMin = 64 << 10;
constexpr int64_t kStreamBytesMax = int64_t{1} << 40;

void ReadPorts(config::Reader& reader, Settings& s) {
  reader.Text("IEUM_LISTEN", "address to listen on; widened only inside containers", &s.listen);
  reader.Number("IEUM_GRPC_PORT", "business gRPC port, 0 = a free one", 0, kMaxPort, &s.grpc_port);
  reader.Number("IEUM_HEALTH_PORT", "gRPC health port, 0 = a free one", 0, kMaxPort,
                &s.health_port);
  reader.Number("IEUM_ADMIN_PORT", "HTTP /metrics /livez /readyz, 0 = a free one", 0, kMaxPort,
                &s.admin_port);
  reader.Text("IEUM_PORTS_FILE", "file to write the chosen ports to, as JSON", &s.ports_file);
  reader.OneOf("IEUM_LOG_LEVEL", "debug, info, warn or error", {"debug", "info", "warn", "error"},
               &s.log_level);
}

void ReadStores(config::Reader& reader, Settings& s) {
  reader.Required("IEUM_DB", "PostgreSQL connection string of this service's own database",
                  &s.db_conninfo);
  reader.SecretFile("IEUM_DB_PASSWORD_FILE", "file with the database password", false,
                    &s.db_password);
  reader.Number("IEUM_DB_WRITE_CONNECTIONS", "connections for commands and effects", 2,
                kMaxConnections, &s.db_write_connections);
  reader.Number("IEUM_DB_READ_CONNECTIONS", "connections for reads", 2, kMaxConnections,
                &s.db_read_connections);
  reader.Number("IEUM_ACCESS_LOG_YEARS",
                "years that the access log is kept; less than 2 would break the law", 2, 30,
                &s.access_log_years);
  reader.Text("IEUM_NATS_URL", "broker", &s.nats_url);
  reader.Bytes("IEUM_STREAM_MAX_BYTES",
               "size of this service's stream; what is dropped is read from the ledger instead",
               kStreamBytesMin, kStreamBytesMax, &s.stream_max_bytes);
}

void ReadClock(config::Reader& reader, Settings& s) {
  reader.OneOf("IEUM_CLOCK", "business time: system, or simulated (set by a driver)",
               {"system", "simulated"}, &s.clock);
  reader.Flag("IEUM_SIMULATED_CLOCK_ALLOWED",
              "must be true for a simulated clock; never in production",
              &s.simulated_clock_allowed);
  if (s.clock == "simulated" && !s.simulated_clock_allowed) {
    reader.Fault(
        "IEUM_CLOCK is simulated but IEUM_SIMULATED_CLOCK_ALLOWED is not true: a simulated "
        "clock is refused unless explicitly allowed");
  }
}

void ReadSecrets(config::Reader& reader, Settings& s, bool needs_vault) {
  reader.SecretFile("IEUM_ROLES_FILE", "JSON of roles and their permissions (deploy/roles.json)",
                    true, &s.roles);
  reader.SecretFile("IEUM_SEAL_KEY_FILE", "base64 of the 32 bytes that seal page tokens", true,
                    &s.seal_key);
  reader.SecretFile("IEUM_VAULT_KEY_FILE",
                    "the keys that wrap person keys: base64 of 32 bytes, the newest first",
                    needs_vault, &s.vault_key, &s.vault_key_file);
}

}  // namespace

std::string PeerVariable(const std::string& service) {
  return absl::StrCat("IEUM_PEER_", absl::AsciiStrToUpper(service));
}

Settings ReadSettings(config::Reader& reader, const std::vector<std::string>& peers,
                      bool needs_vault) {
  Settings settings;
  ReadPorts(reader, settings);
  ReadStores(reader, settings);
  ReadClock(reader, settings);
  ReadSecrets(reader, settings, needs_vault);
  settings.identity = ReadIdentitySettings(reader);
  settings.tls = ReadTlsSettings(reader);
  settings.broker = ReadBrokerSettings(reader, settings.tls);
  settings.tracing = ReadTracingSettings(reader);
  for (const std::string& peer : peers) {
    reader.Required(PeerVariable(peer).c_str(), "host:port of that service's business gRPC port",
                    &settings.peers[peer]);
  }
  if (!peers.empty()) {
    reader.SecretFile("IEUM_PEER_TOKEN_FILE",
                      "the bearer token shown to other services; not needed with TLS",
                      !settings.tls.wanted(), &settings.peer_token);
  }
  return settings;
}

}  // namespace ieum::runtime
