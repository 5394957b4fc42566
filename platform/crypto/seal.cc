#include "platform/crypto/seal.h"

#include <sodium.h>

#include <cstring>
#include <vector>

namespace ieum::crypto {
namespace {

constexpr size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* Raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* Raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string Encode(std::string_view bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), Raw(bytes), bytes.size(), variant);
  text.pop_back();  // the terminating zero
  return text;
}

absl::StatusOr<std::string> Decode(std::string_view text, int variant) {
  std::string bytes(text.size(), '\0');
  size_t size = 0;
  if (sodium_base642bin(Raw(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                        variant) != 0) {
    return absl::InvalidArgumentError("not base64");
  }
  bytes.resize(size);
  return bytes;
}

[[maybe_unused]] const int sodium_ready = sodium_init();

}  // namespace

Key::Key() : bytes_(kBytes, '\0') { randombytes_buf(bytes_.data(), kBytes); }
Key::~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }
Key::Key(const Key&) = default;
Key& Key::operator=(const Key&) = default;
std::string_view Key::bytes() const { return bytes_; }
std::string Key::ToBase64() const { return Encode(bytes_, sodium_base64_VARIANT_ORIGINAL); }

absl::StatusOr<Key> Key::FromBase64(std::string_view text) {
  auto bytes = Decode(text, sodium_base64_VARIANT_ORIGINAL);
  if (!bytes.ok()) return absl::InvalidArgumentError("a key must be base64 text of 32 bytes");
  return FromBytes(*bytes);
}

absl::StatusOr<Key> Key::FromBytes(std::string_view bytes) {
  if (bytes.size() != kBytes) return absl::InvalidArgumentError("a key must have 32 bytes");
  Key key;
  key.bytes_.assign(bytes);
  return key;
}

std::string Seal(const Key& key, std::string_view plain, std::string_view context) {
  std::string box(kNonceBytes + plain.size() + kTagBytes, '\0');
  randombytes_buf(box.data(), kNonceBytes);
  unsigned long long size = 0;
  crypto_aead_xchacha20poly1305_ietf_encrypt(Raw(box) + kNonceBytes, &size, Raw(plain),
                                             plain.size(), Raw(context), context.size(), nullptr,
                                             Raw(box), Raw(key.bytes()));
  return box;
}

absl::StatusOr<std::string> Open(const Key& key, std::string_view box, std::string_view context) {
  if (box.size() < kNonceBytes + kTagBytes) return absl::DataLossError("sealed value is too short");
  std::string plain(box.size() - kNonceBytes - kTagBytes, '\0');
  unsigned long long size = 0;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(Raw(plain), &size, nullptr, Raw(box) + kNonceBytes,
                                                 box.size() - kNonceBytes, Raw(context),
                                                 context.size(), Raw(box), Raw(key.bytes())) != 0) {
    return absl::DataLossError("sealed value cannot be opened: wrong key, or altered");
  }
  return plain;
}

std::string Hash(std::string_view data) {
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(Raw(hash), hash.size(), Raw(data), data.size(), nullptr, 0);
  return hash;
}

std::string KeyedHash(const Key& key, std::string_view data) {
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(Raw(hash), hash.size(), Raw(data), data.size(), Raw(key.bytes()),
                     key.bytes().size());
  return hash;
}

uint64_t Hash64(std::string_view data) {
  unsigned char out[crypto_generichash_BYTES_MIN];
  crypto_generichash(out, sizeof(out), Raw(data), data.size(), nullptr, 0);
  uint64_t value = 0;
  std::memcpy(&value, out, sizeof(value));
  return value;
}

std::string Base64Url(std::string_view bytes) {
  return Encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

absl::StatusOr<std::string> FromBase64Url(std::string_view text) {
  return Decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

}  // namespace ieum::crypto
