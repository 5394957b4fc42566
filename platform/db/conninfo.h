// A libpq connection string taken apart, for whoever hands it to another program: what stands on a
// command line, everybody on the machine can read.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace ieum::db {

struct Conninfo {
  std::string words;     // the same place, without secrets: "host='…' port='…'"
  std::string password;  // that stood in it; empty = none
};

// Of words and of URIs. INVALID_ARGUMENT when libpq cannot read it, or when it holds a secret that
// can be handed on in no other way (`sslpassword`); never quotes it.
absl::StatusOr<Conninfo> TakeApart(const std::string& conninfo);

}  // namespace ieum::db
