#include "platform/broker/access.h"

#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/nkey.h"

namespace ieum::broker {
namespace {

constexpr char kPem[] = "-----BEGIN ";

absl::Status Read(const std::string& path, std::string* text) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path);
  std::ostringstream content;
  if (!file || !(content << file.rdbuf())) {
    return absl::InvalidArgumentError(absl::StrCat(path, " cannot be read"));
  }
  *text = content.str();
  return absl::OkStatus();
}

absl::Status ReadPem(const std::string& path, std::string* text) {
  RETURN_IF_ERROR(Read(path, text));
  if (path.empty() || text->find(kPem) != std::string::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(path, " holds no PEM"));
}

}  // namespace

absl::StatusOr<Shown> ReadAccess(const Access& access) {
  Shown shown;
  RETURN_IF_ERROR(ReadPem(access.authority_file, &shown.authority));
  RETURN_IF_ERROR(ReadPem(access.certificate_file, &shown.certificate));
  RETURN_IF_ERROR(ReadPem(access.key_file, &shown.key));
  if (access.seed_file.empty()) return shown;
  RETURN_IF_ERROR(Read(access.seed_file, &shown.seed));
  absl::StripAsciiWhitespace(&shown.seed);
  const auto key = crypto::NkeyPublicKey(shown.seed);
  if (!key.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(access.seed_file, " ", key.status().message()));
  }
  shown.public_key = *key;
  return shown;
}

}  // namespace ieum::broker
