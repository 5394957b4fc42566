// Whether the business port speaks TLS, from the environment.
#pragma once

#include <string>

#include "platform/config/config.h"
#include "platform/rpc/tls.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::runtime {

struct TlsSettings {
  rpc::TlsOptions options;
  bool plaintext_allowed = false;

  bool wanted() const { return !options.certificate_file.empty(); }
};

// Faults stay in the reader; one is that neither certificate nor permission for plaintext is there.
TlsSettings ReadTlsSettings(config::Reader& reader);
// The files as they are now must be those of this service.
void CheckTlsFiles(config::Reader& reader, const TlsSettings& settings, const std::string& service);
// From here on servers and peers speak TLS, when it is wanted; when our certificate ends is a
// metric.
void BeginTls(const TlsSettings& settings, telemetry::Metrics& metrics);

}  // namespace ieum::runtime
