#include "platform/runtime/tls_settings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "platform/telemetry/metrics.h"

namespace ieum::runtime {
namespace {

bool IsDomain(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

TlsSettings ReadTlsSettings(config::Reader& reader) {
  TlsSettings settings;
  rpc::TlsOptions& options = settings.options;
  reader.Text("IEUM_TLS_CERT_FILE", "our certificate (PEM), shown to callers and to other services",
              &options.certificate_file);
  reader.Text("IEUM_TLS_KEY_FILE", "its private key; all three are watched for changes",
              &options.key_file);
  reader.Text("IEUM_TLS_CA_FILE", "who signs the certificates of callers and other services",
              &options.authority_file);
  reader.Text("IEUM_TLS_TRUST_DOMAIN", "services are spiffe://<this>/service/<name>",
              &options.trust_domain);
  reader.Flag("IEUM_PLAINTEXT_ALLOWED",
              "must be true for a business port without TLS; never in production",
              &settings.plaintext_allowed);
  const int given = !options.certificate_file.empty() + !options.key_file.empty() +
                    !options.authority_file.empty();
  if (given != 0 && given != 3) {
    reader.Fault("set all of IEUM_TLS_CERT_FILE, IEUM_TLS_KEY_FILE and IEUM_TLS_CA_FILE, or none");
  }
  if (given == 0 && !settings.plaintext_allowed) {
    reader.Fault(
        "IEUM_TLS_CERT_FILE is not set and IEUM_PLAINTEXT_ALLOWED is not true: a business port "
        "without TLS is refused unless explicitly allowed");
  }
  if (!IsDomain(options.trust_domain)) reader.Fault("IEUM_TLS_TRUST_DOMAIN is no trust domain");
  return settings;
}

void CheckTlsFiles(config::Reader& reader, const TlsSettings& settings,
                   const std::string& service) {
  if (!settings.wanted() || settings.options.authority_file.empty()) return;
  const absl::Status files = rpc::CheckTls(settings.options, service, absl::Now());
  if (!files.ok()) reader.Fault(absl::StrCat("IEUM_TLS_…_FILE: ", files.message()));
}

void BeginTls(const TlsSettings& settings, telemetry::Metrics& metrics) {
  if (!settings.wanted()) return;
  rpc::UseTls(std::make_shared<rpc::Tls>(settings.options));
  auto& end = metrics.Gauge("tls_certificate_end_time_seconds",
                            "When our certificate ends, as its file says now (Unix time)");
  metrics.OnScrape([&end, options = settings.options] {
    if (const auto time = rpc::CertificateEnd(options); time.ok()) {
      end.Set(static_cast<double>(absl::ToUnixSeconds(*time)));
    }
  });
}

}  // namespace ieum::runtime
