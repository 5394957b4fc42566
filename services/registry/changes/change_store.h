// The table `change_request`. What a request would change of a person is sealed with her key on the
// way in and opened on the way out. A request of a centre that the scope does not hold is as if it
// were not there.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/scope.h"
#include "platform/db/person_keys.h"
#include "platform/db/tx.h"
#include "platform/filter/list_query.h"
#include "services/registry/changes/change.h"

namespace ieum::registry {

// False when the id is taken. The status is that of the person's key.
absl::StatusOr<bool> InsertChange(db::Tx& tx, const db::PersonKeys& keys, const Change& change);
// State, decider, times and reason of the end, applied version.
void SaveEnd(db::Tx& tx, const base::Scope& scope, const Change& change);
// That the fields are as before at this version of what they are of.
void SaveSeen(db::Tx& tx, const base::Uuid& id, int64_t version);

// Without the values.
std::optional<Change> FindChange(db::Tx& tx, const base::Scope& scope, const base::Uuid& id);
// Reads the values into it; they stay empty where they are gone.
absl::Status OpenValues(db::Tx& tx, const db::PersonKeys& keys, Change* change);

// Of one that waits for one of these fields of the same part of `target`.
std::optional<base::Uuid> FindWaiting(db::Tx& tx, const Change& like);
// All that wait of an organization or a person.
std::vector<Change> WaitingOf(db::Tx& tx, const base::Uuid& target);
// The values of all requests of a person go, and the words in which somebody said why.
void ForgetValues(db::Tx& tx, const base::Uuid& person);

// Those whose time is over at `now`, the oldest first; then those of something that has changed
// since they were looked at. At most `limit`.
struct DueChange {
  Change change;
  int64_t target_version = 0;  // now
};
std::vector<DueChange> FindChangesDue(db::Tx& tx, absl::Time now, int limit);
int64_t CountChangesDue(db::Tx& tx, absl::Time now);

// Approved requests of `target` by the version that each made.
struct Reviewed {
  base::Uuid id;
  std::string requester;
};
std::map<int64_t, Reviewed> ReviewedOf(db::Tx& tx, const base::Uuid& target,
                                       const std::vector<int64_t>& versions);

// As answered, with its version and without the values.
struct ChangeView {
  Change change;
  int64_t version = 0;
};
const filter::ListSpec& ChangeList();
ChangeView ReadChangeView(const db::Row& row);
std::optional<ChangeView> FindChangeView(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id);

}  // namespace ieum::registry
