#include "platform/runtime/credentials.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"

namespace ieum::runtime {
namespace {

template <class T>
void Parse(config::Reader& reader, const char* variable, const std::string& content,
           absl::StatusOr<T> (*parse)(std::string_view), std::optional<T>* into) {
  if (content.empty()) return;  // not wanted, or missed already
  auto value = parse(content);
  if (value.ok()) {
    into->emplace(*std::move(value));
  } else {
    reader.Fault(absl::StrCat(variable, ": ", value.status().message()));
  }
}

// A wrapping key that was added while this process runs is found when it is first met.
crypto::Vault::Reload ReadingAgain(const std::string& path) {
  return [path]() -> absl::StatusOr<crypto::KeyRing> {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file) return absl::UnavailableError("the wrapping keys' file cannot be read");
    text << file.rdbuf();
    return crypto::KeyRing::FromText(text.str());
  };
}

}  // namespace

Credentials ParseCredentials(config::Reader& reader, const Settings& settings) {
  Credentials credentials;
  Parse(reader, "IEUM_SEAL_KEY_FILE", settings.seal_key, crypto::Key::FromBase64,
        &credentials.seal_key);
  std::optional<crypto::KeyRing> wrapping;
  Parse(reader, "IEUM_VAULT_KEY_FILE", settings.vault_key, crypto::KeyRing::FromText, &wrapping);
  if (wrapping) credentials.vault.emplace(*wrapping, ReadingAgain(settings.vault_key_file));
  Parse(reader, "IEUM_ROLES_FILE", settings.roles, rpc::Roles::FromJson, &credentials.roles);
  return credentials;
}

}  // namespace ieum::runtime
