// Giving a vault a new wrapping key. Three steps, each of which may be repeated and cut off at any
// point:
//
//   add      a new key comes to the front of the key file; from now on it wraps
//   rewrap   every person's key is wrapped anew, some hundred in a transaction
//   retire   when the new key holds all: the old ones are closed in the database, then leave the
//   file
//
// Services go on meanwhile: a process that meets a key which it does not know reads its file again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/crypto/key_ring.h"
#include "platform/db/database.h"

namespace ieum::backup {

struct KeyUse {
  std::string key_id;   // "" = written before ids were kept: by the oldest
  int64_t persons = 0;  // whose keys it holds
  bool in_file = false, newest = false, retired = false;
};
// Newest first as in the file, then what only the database knows.
absl::StatusOr<std::vector<KeyUse>> LookAtKeys(db::Database& database, const crypto::KeyRing& ring);

absl::StatusOr<crypto::KeyRing> ReadRing(const std::string& key_file);

// Lets the file open what the other file opens, too; its own first key goes on wrapping. How many
// keys came.
absl::StatusOr<int64_t> JoinKeys(const std::string& key_file, const std::string& other_file);

// Adds one unless a rotation is under way already; the id of the newest.
absl::StatusOr<std::string> AddKey(db::Database& database, const std::string& key_file);
// Until none is left that another key holds; returns how many were wrapped anew. `told` hears of
// each transaction. DATA_LOSS names a person whose key none of the file's keys opens.
absl::StatusOr<int64_t> RewrapAll(db::Database& database, const std::string& key_file, int batch,
                                  const std::function<void(int64_t)>& told);
// FAILED_PRECONDITION when an old key still holds somebody's; returns how many were retired.
absl::StatusOr<int64_t> RetireOld(db::Database& database, const std::string& key_file);

}  // namespace ieum::backup
