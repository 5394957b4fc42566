// The certificate of this process: with it the process serves, and with it it calls others. Both
// sides show one (mutual TLS), and who another service is stands in its certificate:
//
//   subjectAltName = URI:spiffe://<trust domain>/service/<name>
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class ChannelCredentials;
class ServerCredentials;
}  // namespace grpc

namespace ieum::rpc {

struct TlsOptions {
  std::string certificate_file,
      key_file;                // PEM: ours, with what stands between it and the authority
  std::string authority_file;  // PEM: who signs the certificates of others
  std::string trust_domain = "ieum";
  // How soon changed files count; whole seconds. Certificate and key are to change at once, as by a
  // link to their folder.
  absl::Duration refresh = absl::Seconds(10);
};

// INVALID_ARGUMENT says what is wrong with the files as they are: unreadable, a key of another
// certificate, expired, the certificate of another service than `service`, or not of it alone.
absl::Status CheckTls(const TlsOptions& options, const std::string& service, absl::Time now);
// When our certificate ends, as its file says now.
absl::StatusOr<absl::Time> CertificateEnd(const TlsOptions& options);

// Thread-safe. Files are watched as long as it or what it made is there; new connections get what
// they held last, connections that are there go on.
class Tls {
 public:
  explicit Tls(TlsOptions options);
  ~Tls();

  // Asks every client for a certificate that our authority signed. TLS 1.2 or 1.3.
  std::shared_ptr<grpc::ServerCredentials> ForServer() const;
  // Takes no server but that service, whatever its address.
  std::shared_ptr<grpc::ChannelCredentials> ForPeer(const std::string& service) const;
  // "registry" for "spiffe://ieum/service/registry"; empty for whatever is no service of ours.
  std::string ServiceOf(std::string_view spiffe_id) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The process has one certificate or none (plaintext): said once at its start. Servers and peers
// made from then on have it.
void UseTls(std::shared_ptr<const Tls> tls);
std::shared_ptr<const Tls> TlsInUse();

}  // namespace ieum::rpc
