// Who we are at the broker, and by what we know that it is ours.
//
// A broker with rooms gives each service an account of its own, which holds its stream and nobody
// but itself (deploy/broker). What a service reads of another it asks through its own room, under
// "read.<service>": so nobody can have anything said in another's name.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace ieum::broker {

struct Access {
  std::string room;       // whose account it is: "registry"; "" = the broker has no rooms
  std::string seed_file;  // our nkey's seed; "" = the URL says who we are
  // PEM: who signs the broker's certificate, whose name must be the host of the URL. "" = no TLS.
  std::string authority_file;
  std::string certificate_file, key_file;  // PEM: shown to the broker over TLS; "" = none
};

// What the files hold now.
struct Shown {
  std::string seed, public_key, authority, certificate, key;
  bool operator==(const Shown&) const = default;
};

// INVALID_ARGUMENT names the file that cannot be read or is no such thing, never its content.
absl::StatusOr<Shown> ReadAccess(const Access& access);

}  // namespace ieum::broker
