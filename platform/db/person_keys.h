// The table of wrapped person keys (`person_key`), for any service that keeps personal values.
#pragma once

#include <optional>
#include <set>
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
  // destroyed, for a destroyed key is never made again; and while it is kept apart (law:L13), so
  // that nothing of hers opens to anybody who does not ask for just that.
  absl::StatusOr<crypto::Key> GetOrCreate(Tx& tx, const base::Uuid& person) const;
  // New keys of persons who have none, in one statement; in their order. Ends the transaction as a
  // conflict when one of them has a key.
  absl::StatusOr<std::vector<crypto::Key>> CreateAll(Tx& tx,
                                                     const std::vector<base::Uuid>& persons) const;
  // NOT_FOUND when there is none, FAILED_PRECONDITION (PERSON_ERASED) as above.
  absl::StatusOr<crypto::Key> Get(Tx& tx, const base::Uuid& person) const;
  // What Get answers, for each of these persons.
  absl::flat_hash_map<base::Uuid, absl::StatusOr<crypto::Key>> GetAll(
      Tx& tx, const std::vector<base::Uuid>& persons) const;
  // Whether hers is kept apart, so that Get says PERSON_ERASED of one who may come back.
  static bool IsApart(Tx& tx, const base::Uuid& person);
  // Those of them who have a key that was not destroyed, in use or kept apart.
  std::set<base::Uuid> HeldOf(Tx& tx, const std::vector<base::Uuid>& persons) const;
  // Destroys the key for ever, one that is kept apart, too; the row stays as proof, without the
  // key. True when there was one.
  bool Destroy(Tx& tx, const base::Uuid& person, absl::Time at) const;

  const crypto::Vault& vault() const { return vault_; }

 private:
  const crypto::Vault& vault_;
};

}  // namespace ieum::db
