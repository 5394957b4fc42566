// The tables `person_apart` and `person_apart_look`: whose data are kept apart from those in use,
// and who looked at them (law:L13). What is kept of them lies in tables that this service does not
// read; functions of the database move it there and back, and give a key to whoever wrote down that
// he looks (migrations/0024_kept_apart.sql).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/erasure_types.pb.h"
#include "platform/base/scope.h"
#include "platform/crypto/vault.h"
#include "platform/db/tx.h"
#include "services/registry/people/person.h"

namespace ieum::registry {

struct Apart {
  v1::ErasureReason reason = v1::ERASURE_REASON_UNSPECIFIED;
  std::string rule;    // of retention; "" = none called for it
  absl::Time kept_at;  // business time
  std::string keeper;
  int search_keys = 0;  // that went along; known when it is read
};
// nullopt when her data are in use, or gone.
std::optional<Apart> FindApart(db::Tx& tx, const base::Uuid& person);
// PERSON_KEPT_APART.
absl::Status RequireNotApart(db::Tx& tx, const base::Uuid& person);

// Of one record, in use until now and locked.
void KeepRecordApart(db::Tx& tx, const base::Uuid& person, const Apart& apart);
// As it was, to the byte. Nothing happens where it is not kept apart.
void PutRecordBack(db::Tx& tx, const base::Uuid& person);

struct ApartLook {
  base::Uuid id;
  base::Uuid person_id;
  bool put_back = false;  // else looked at
  absl::Time looked_at;
  std::string looker;
  std::string reason;
};
void NoteLook(db::Tx& tx, const ApartLook& look);
// What is kept apart of her, for a look that was written down. NOT_FOUND for one who is not there
// for this scope, NOT_KEPT_APART.
absl::StatusOr<Person> OpenForLook(db::Tx& tx, const base::Scope& scope, const crypto::Vault& vault,
                                   const base::Uuid& look, const base::Uuid& person);
absl::Status NotKeptApart(const base::Uuid& person);

struct ApartPerson {
  base::Uuid id;
  absl::Time kept_at;
};
// Those who stand for themselves and whom nobody holds any more, by their ids; those behind this
// one.
std::vector<ApartPerson> ApartAndFree(db::Tx& tx, absl::CivilDay today, const base::Uuid& behind,
                                      int limit);
int64_t CountApartAndFree(db::Tx& tx, absl::CivilDay today);

}  // namespace ieum::registry
