#include "platform/identity/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "platform/base/status.h"

namespace ieum::identity {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* raw) const {
    kFree(raw);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using X509Handle = std::unique_ptr<X509, Freed<X509_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using NamesHandle = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

Bio Reading(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// A key with a pass phrase is not asked for it on the terminal.
int NoPassPhrase(char*, int, int, void*) { return -1; }

X509Handle FirstCertificate(std::string_view pem) {
  const Bio text = Reading(pem);
  return X509Handle(PEM_read_bio_X509(text.get(), nullptr, NoPassPhrase, nullptr));
}

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

std::vector<std::string> UrisOf(X509* certificate) {
  std::vector<std::string> uris;
  const NamesHandle names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int at = 0; at < sk_GENERAL_NAME_num(names.get()); ++at) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), at);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<size_t>(ASN1_STRING_length(uri)));
  }
  return uris;
}

}  // namespace

absl::StatusOr<Certificate> ReadCertificate(std::string_view pem) {
  const X509Handle first = FirstCertificate(pem);
  if (first == nullptr) return absl::InvalidArgumentError("holds no certificate");
  return Certificate{UrisOf(first.get()), TimeOf(X509_get0_notBefore(first.get())),
                     TimeOf(X509_get0_notAfter(first.get()))};
}

absl::Status CheckKeyOfCertificate(std::string_view certificate_pem, std::string_view key_pem) {
  const X509Handle certificate = FirstCertificate(certificate_pem);
  if (certificate == nullptr) return absl::InvalidArgumentError("holds no certificate");
  const Bio text = Reading(key_pem);
  const KeyHandle key(PEM_read_bio_PrivateKey(text.get(), nullptr, NoPassPhrase, nullptr));
  if (key == nullptr) return absl::InvalidArgumentError("holds no private key that can be read");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return absl::InvalidArgumentError("holds the key of another certificate");
  }
  return absl::OkStatus();
}

}  // namespace ieum::identity
