#include "platform/rpc/tls.h"

#include <algorithm>
#include <fstream>
#include <mutex>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_certificate_verifier.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "platform/base/status.h"
#include "platform/identity/certificate.h"

namespace ieum::rpc {
namespace {

namespace tls = grpc::experimental;

std::string ServicePrefix(const TlsOptions& options) {
  return absl::StrCat("spiffe://", options.trust_domain, "/service/");
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read"));
  }
  return text.str();
}

absl::Status About(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::InvalidArgumentError(absl::StrCat(path, " ", status.message()));
}

absl::Status CheckOurs(const TlsOptions& options, const identity::Certificate& ours,
                       const std::string& service, absl::Time now) {
  if (now >= ours.not_after) return absl::InvalidArgumentError("holds an expired certificate");
  if (now < ours.not_before) return absl::InvalidArgumentError("holds a certificate of the future");
  const std::string wanted = ServicePrefix(options) + service;
  // With two URIs it would serve, and be nobody where it calls.
  if (ours.uris == std::vector<std::string>{wanted}) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("holds no certificate of URI:", wanted, " and no other URI"));
}

// Who answers must be the service that is called: an address proves nothing.
class OnlyThisService final : public tls::ExternalCertificateVerifier {
 public:
  explicit OnlyThisService(std::string uri) : uri_(std::move(uri)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* answer) override {
    const auto uris = request->uri_names();
    const bool right = std::any_of(uris.begin(), uris.end(), [this](const grpc::string_ref& uri) {
      return uri == grpc::string_ref(uri_);
    });
    *answer = right ? grpc::Status::OK
                    : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                   "the server's certificate is not of " + uri_);
    return true;  // decided here and now
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::string uri_;
};

std::mutex in_use_mutex;
std::shared_ptr<const Tls>& InUse() {
  static auto* tls = new std::shared_ptr<const Tls>;
  return *tls;
}

}  // namespace

struct Tls::Impl {
  explicit Impl(TlsOptions with)
      : options(std::move(with)),
        files(std::make_shared<tls::FileWatcherCertificateProvider>(
            options.key_file, options.certificate_file, options.authority_file,
            static_cast<unsigned>(absl::ToInt64Seconds(options.refresh)))) {}

  const TlsOptions options;
  const std::shared_ptr<tls::FileWatcherCertificateProvider> files;
};

absl::Status CheckTls(const TlsOptions& options, const std::string& service, absl::Time now) {
  ASSIGN_OR_RETURN(const std::string certificate, ReadPem(options.certificate_file));
  ASSIGN_OR_RETURN(const std::string key, ReadPem(options.key_file));
  ASSIGN_OR_RETURN(const std::string authority, ReadPem(options.authority_file));
  const auto ours = identity::ReadCertificate(certificate);
  RETURN_IF_ERROR(About(options.certificate_file, ours.status()));
  RETURN_IF_ERROR(About(options.key_file, identity::CheckKeyOfCertificate(certificate, key)));
  RETURN_IF_ERROR(About(options.certificate_file, CheckOurs(options, *ours, service, now)));
  return About(options.authority_file, identity::ReadCertificate(authority).status());
}

absl::StatusOr<absl::Time> CertificateEnd(const TlsOptions& options) {
  ASSIGN_OR_RETURN(const std::string text, ReadPem(options.certificate_file));
  ASSIGN_OR_RETURN(const identity::Certificate ours, identity::ReadCertificate(text));
  return ours.not_after;
}

Tls::Tls(TlsOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Tls::~Tls() = default;

std::shared_ptr<grpc::ServerCredentials> Tls::ForServer() const {
  tls::TlsServerCredentialsOptions options(impl_->files);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> Tls::ForPeer(const std::string& service) const {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(impl_->files);
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_check_call_host(false);  // the service is looked at, not the name of its host
  options.set_certificate_verifier(tls::ExternalCertificateVerifier::Create<OnlyThisService>(
      ServicePrefix(impl_->options) + service));
  return tls::TlsCredentials(options);
}

std::string Tls::ServiceOf(std::string_view spiffe_id) const {
  const std::string prefix = ServicePrefix(impl_->options);
  if (!spiffe_id.starts_with(prefix)) return "";
  const std::string_view name = spiffe_id.substr(prefix.size());
  const bool word =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return word ? std::string(name) : "";
}

void UseTls(std::shared_ptr<const Tls> tls) {
  std::lock_guard lock(in_use_mutex);
  InUse() = std::move(tls);
}

std::shared_ptr<const Tls> TlsInUse() {
  std::lock_guard lock(in_use_mutex);
  return InUse();
}

}  // namespace ieum::rpc
