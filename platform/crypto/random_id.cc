#include "platform/crypto/random_id.h"

#include <sodium.h>

#include <array>

namespace ieum::crypto {

base::Uuid RandomId() {
  std::array<uint8_t, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  bytes[6] = (bytes[6] & 0x0f) | 0x40;  // version 4
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return base::Uuid(bytes);
}

}  // namespace ieum::crypto
