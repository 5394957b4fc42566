#include "tools/backup/key_box.h"

#include <sodium.h>

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "platform/crypto/seal.h"
#include "tools/backup/places.h"

namespace ieum::backup {
namespace {

using nlohmann::json;

absl::StatusOr<crypto::Key> KeyFrom(const std::string& passphrase, const std::string& salt) {
  ASSIGN_OR_RETURN(const std::string raw, crypto::FromBase64Url(salt));
  if (raw.size() != crypto_pwhash_SALTBYTES) return absl::DataLossError("the salt is damaged");
  std::string bytes(crypto::Key::kBytes, '\0');
  if (crypto_pwhash(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), passphrase.data(),
                    passphrase.size(), reinterpret_cast<const unsigned char*>(raw.data()),
                    crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return absl::InternalError("256 MiB of memory are needed to make a key of the passphrase");
  }
  auto key = crypto::Key::FromBytes(bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return key;
}

}  // namespace

absl::StatusOr<std::string> ReadPassphrase(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path));
  std::string line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.size() >= kPassphraseMin) return line;
  return absl::InvalidArgumentError(absl::StrCat(
      path, ": a passphrase has at least ", kPassphraseMin, " bytes in the file's first line"));
}

std::string NewSalt() {
  std::string salt(crypto_pwhash_SALTBYTES, '\0');
  randombytes_buf(salt.data(), salt.size());
  return crypto::Base64Url(salt);
}

absl::StatusOr<std::string> SealKeys(const KeyFiles& keys, const std::string& passphrase,
                                     const std::string& salt, const std::string& binding) {
  json tree = json::object();
  for (const auto& [name, content] : keys) tree[name] = absl::Base64Escape(content);
  ASSIGN_OR_RETURN(const crypto::Key key, KeyFrom(passphrase, salt));
  return crypto::Seal(key, tree.dump(), binding);
}

absl::StatusOr<KeyFiles> OpenKeys(const std::string& box, const std::string& passphrase,
                                  const std::string& salt, const std::string& binding) {
  ASSIGN_OR_RETURN(const crypto::Key key, KeyFrom(passphrase, salt));
  const auto text = crypto::Open(key, box, binding);
  if (!text.ok()) {
    return absl::DataLossError(
        "the keys cannot be opened: another passphrase, or keys or manifest were altered");
  }
  const json tree = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!tree.is_object()) return absl::DataLossError("the box holds no keys");
  KeyFiles keys;
  for (const auto& [name, content] : tree.items()) {
    if (!content.is_string() || !absl::Base64Unescape(content.get<std::string>(), &keys[name])) {
      return absl::DataLossError("the box holds no keys");
    }
  }
  return keys;
}

}  // namespace ieum::backup
