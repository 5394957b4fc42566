#include "platform/flow/check_hash.h"

#include <sodium.h>

#include <string>

namespace ieum::flow {
namespace {

// Not a secret: both sides only have to use the same one, for ever.
constexpr unsigned char kKey[crypto_shorthash_KEYBYTES] = {'i', 'e', 'u', 'm', ' ', 'c', 'h', 'e',
                                                           'c', 'k', ' ', 'h', 'a', 's', 'h', '1'};

}  // namespace

uint64_t EventHash(const platform::v1::LedgerEvent& event) {
  thread_local std::string bytes;  // keeps its room
  bytes.assign(event.event_id()).append(event.payload());
  unsigned char hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), kKey);
  uint64_t value = 0;
  for (const unsigned char byte : hash) value = value << 8 | byte;
  return value;
}

}  // namespace ieum::flow
