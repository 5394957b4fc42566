// One access to somebody's personal data, as it is kept.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "platform/base/uuid.h"

namespace ieum::access_log {

// Everything is an opaque word: no name, no address, no text of anybody.
struct Access {
  absl::Time at;                      // when it was asked
  std::string account;                // "staff/kim", "service/notify"; "" = nobody that we know
  std::string source;                 // address of the caller, "ipv4:10.1.2.3:40312"
  std::string action;                 // permission
  std::string method;                 // "ieum.registry.v1.PersonService/GetPerson"
  std::string outcome;                // kAllowed, or the reason of the refusal
  std::vector<std::string> subjects;  // resource names of whose data it was
  std::string query;       // fingerprint of a list's question; "" = the subjects were named
  std::string reason;      // as the caller gave it
  bool emergency = false;  // without break-glass not, or not in all of the call's centres
  std::string trace_id;
};
inline constexpr char kAllowed[] = "OK";

// Where a row stands: its writer, and its place among the writer's rows, from 1.
struct RowId {
  base::Uuid writer;
  int64_t number = 0;
  std::string ToString() const;  // "0193…/17"
  bool operator==(const RowId&) const = default;
};

struct Row {
  RowId id;
  Access access;
  absl::Time recorded_at;  // by the database
};

// 32 bytes that no other row has: of every field with its length before it.
std::string HashOf(const Row& row);

// A link of the chain.
struct Seal {
  int64_t number = 0;  // from 1, without a hole
  base::Uuid writer;
  int64_t first_row = 0, last_row = 0;
  absl::Time newest;          // recorded_at of its newest row
  absl::Time sealed_at;       // by the database
  std::string row_hashes;     // HashOf each row, one behind the other
  std::string previous_hash;  // of the seal before; kNoSeal for the first
  std::string hash;           // HashOf this seal
};
std::string HashOf(const Seal& seal);  // of all its fields but `hash`
std::string NoSeal();                  // what stands before the first one: 32 zero bytes
inline constexpr size_t kHashBytes = 32;

}  // namespace ieum::access_log
