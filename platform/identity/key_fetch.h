// Where an issuer's keys come from: a file, or an address.
#pragma once

#include <atomic>
#include <string>

#include "absl/status/statusor.h"

namespace ieum::identity {

// The whole file; at most 64 KiB (kMaxKeySetBytes).
absl::StatusOr<std::string> FetchKeysFromFile(const std::string& path);

struct KeysAddress {
  std::string url;                  // https; no user, no password
  std::string ca_file;              // who signs the server's certificate; empty = as the machine
  bool plain_http_allowed = false;  // http too, to this machine itself and nowhere else
};

// INVALID_ARGUMENT says what is wrong with the address.
absl::Status CheckKeysAddress(const KeysAddress& address);

// One GET: no redirects, at most 5 s and 64 KiB, status 200. Ends soon once `stop` is set.
absl::StatusOr<std::string> FetchKeysFromAddress(const KeysAddress& address,
                                                 const std::atomic<bool>& stop);

}  // namespace ieum::identity
