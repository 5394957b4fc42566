// What a certificate says, read from PEM text; nothing here trusts it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace ieum::identity {

struct Certificate {
  std::vector<std::string> uris;  // subjectAltName
  absl::Time not_before, not_after;
};

// The first certificate of the text. INVALID_ARGUMENT when there is none.
absl::StatusOr<Certificate> ReadCertificate(std::string_view pem);

// INVALID_ARGUMENT when `key_pem` is no private key without a pass phrase, or not the one of the
// first certificate of `certificate_pem`.
absl::Status CheckKeyOfCertificate(std::string_view certificate_pem, std::string_view key_pem);

}  // namespace ieum::identity
