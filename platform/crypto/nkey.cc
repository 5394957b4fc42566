#include "platform/crypto/nkey.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <optional>

namespace ieum::crypto {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr size_t kPrefix = 2, kSecret = crypto_sign_SEEDBYTES, kCheck = 2;
constexpr uint8_t kSeedOfUser[kPrefix] = {0x95, 0x00};
constexpr uint8_t kUser = 0xA0;

using Seed = std::array<uint8_t, kPrefix + kSecret + kCheck>;

// RFC 4648 without padding; nullopt unless it is exactly a seed's length.
std::optional<Seed> FromBase32(std::string_view text) {
  Seed bytes{};
  if (text.size() != (bytes.size() * 8 + 4) / 5) return std::nullopt;
  uint32_t held = 0;
  int bits = 0;
  size_t at = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = (held << 5 | static_cast<uint32_t>(digit)) & 0xFFFF;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = static_cast<uint8_t>(held >> bits);
  }
  return bytes;
}

template <class Bytes>
std::string ToBase32(const Bytes& bytes) {
  std::string text;
  uint32_t held = 0;
  int bits = 0;
  for (const uint8_t byte : bytes) {
    held = (held << 8 | byte) & 0xFFFF;
    for (bits += 8; bits >= 5; bits -= 5) text += kDigits[held >> (bits - 5) & 31];
  }
  if (bits > 0) text += kDigits[held << (5 - bits) & 31];
  return text;
}

// CRC-16/XMODEM.
uint16_t CheckSum(const uint8_t* data, size_t size) {
  uint16_t crc = 0;
  for (size_t i = 0; i < size; ++i) {
    crc = static_cast<uint16_t>(crc ^ data[i] << 8);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<uint16_t>((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1);
    }
  }
  return crc;
}

bool IsSound(const Seed& seed) {
  const uint16_t sum = CheckSum(seed.data(), kPrefix + kSecret);
  return seed[0] == kSeedOfUser[0] && seed[1] == kSeedOfUser[1] &&
         seed[kPrefix + kSecret] == (sum & 0xFF) && seed[kPrefix + kSecret + 1] == sum >> 8;
}

}  // namespace

absl::StatusOr<std::string> NkeyPublicKey(std::string_view seed) {
  std::optional<Seed> bytes = FromBase32(seed);
  if (!bytes || !IsSound(*bytes)) {
    return absl::InvalidArgumentError("holds no nkey seed of a user (SU…, 58 letters)");
  }
  std::array<uint8_t, 1 + crypto_sign_PUBLICKEYBYTES + kCheck> key{kUser};
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(key.data() + 1, secret.data(), bytes->data() + kPrefix);
  sodium_memzero(secret.data(), secret.size());
  sodium_memzero(bytes->data(), bytes->size());
  const uint16_t sum = CheckSum(key.data(), 1 + crypto_sign_PUBLICKEYBYTES);
  key[key.size() - 2] = static_cast<uint8_t>(sum & 0xFF);
  key[key.size() - 1] = static_cast<uint8_t>(sum >> 8);
  return ToBase32(key);
}

}  // namespace ieum::crypto
