// The tables of the book of grants. Whoever changes them raises their revision in the same
// transaction.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::access {

struct HeldGrant {
  base::Uuid id;
  base::Uuid subject_id;
  std::string role;
  std::string centre;                    // id, lower case; or "*"
  std::optional<absl::Time> expires_at;  // business time
};

struct HeldBySubject {
  bool closed = false;
  std::vector<HeldGrant> grants;
};

// By the id of a centre that has others below it: all of those, whatever their level. Ids in lower
// case.
using CentresBelow = absl::flat_hash_map<std::string, std::vector<std::string>>;

// A copy of the whole book.
struct Shelf {
  int64_t revision = -1;
  size_t grants = 0;
  absl::flat_hash_map<base::Uuid, HeldBySubject> subjects;
  CentresBelow below;
};

// `pos`: of the event that says so; 0 where there is none. The same grant again changes nothing.
void PutGrant(db::Tx& tx, const HeldGrant& grant, int64_t pos);
void RemoveGrant(db::Tx& tx, const base::Uuid& id);
// Closing removes all grants.
void SetClosed(db::Tx& tx, const base::Uuid& subject, bool closed);
// Removes what events told that are gone: `kept` is the last position of each shard that is there.
void RemoveGrantsBehind(db::Tx& tx, const std::array<int64_t, base::Uuid::kShards>& kept);

// `parent`: the centre that this one is below from now on; nullopt = below none. `pos` as in
// PutGrant.
void PutCentre(db::Tx& tx, const base::Uuid& centre, const std::optional<base::Uuid>& parent,
               int64_t pos);
// Where the centre stands then is what was told before.
void ForgetCentresBehind(db::Tx& tx, const std::array<int64_t, base::Uuid::kShards>& kept);

int64_t BookRevision(db::Tx& tx);
Shelf ReadBook(db::Tx& tx);

}  // namespace ieum::access
