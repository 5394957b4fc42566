// The table of wrapped person keys (`person_key`), for any service that keeps personal values.
#pragma once

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "platform/crypto/vault.h"
#include "platform/db/tx.h"

namespace ieum::db {

class PersonKeys {
 public:
  explicit PersonKeys(const crypto::Vault& vault) : vault_(vault) {}

  // The person's key, made now when there is none. FAILED_PRECONDITION (PERSON_ERASED) when it was
  // destroyed: a destroyed key is never made again.
  absl::StatusOr<crypto::Key> GetOrCreate(Tx& tx, const base::Uuid& person) const;
  // New keys of persons who have none, in one statement; in their order. Ends the transaction as a
  // conflict when one of them has a key.
  absl::StatusOr<std::vector<crypto::Key>> CreateAll(Tx& tx,
                                                     const std::vector<base::Uuid>& persons) const;
  // NOT_FOUND when there is none, FAILED_PRECONDITION (PERSON_ERASED) when it was destroyed.
  absl::StatusOr<crypto::Key> Get(Tx& tx, const base::Uuid& person) const;
  // What Get answers, for each of these persons.
  absl::flat_hash_map<base::Uuid, absl::StatusOr<crypto::Key>> GetAll(
      Tx& tx, const std::vector<base::Uuid>& persons) const;
  // Destroys the key for ever; the row stays as proof, without the key. True when there was one.
  bool Destroy(Tx& tx, const base::Uuid& person, absl::Time at) const;

  const crypto::Vault& vault() const { return vault_; }

 private:
  const crypto::Vault& vault_;
};

}  // namespace ieum::db
