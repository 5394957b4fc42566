// What units of a shared transaction read of the aggregates that they have locked, read for all of
// them by one statement: a trip to the database costs more than what it fetches.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::ledger {

// How a room reads what belongs to aggregates: of these ids (none twice) what there is. A constant
// of the room's store; its address names it. What it reads is changed only by who has the aggregate
// locked.
template <class T>
struct OwnRead {
  using Found = absl::flat_hash_map<base::Uuid, T>;
  Found (*read)(db::Tx&, const std::vector<base::Uuid>&);
};

// Of one batch. Only what nobody of the batch has had locked yet is read ahead, and it counts until
// somebody has.
class OwnReads {
 public:
  void Expect(const std::vector<base::Uuid>& ids) { expected_.insert(ids.begin(), ids.end()); }
  void Forget(const std::vector<base::Uuid>& ids) {
    for (const base::Uuid& id : ids) expected_.erase(id);
  }

  // `ahead`: the asking unit has changed nothing yet.
  template <class T>
  std::optional<T> Find(db::Tx& tx, const OwnRead<T>& read, const base::Uuid& id, bool ahead) {
    if (!ahead || !expected_.contains(id)) return In(read.read(tx, {id}), id);
    auto known = known_.find(&read);
    if (known == known_.end()) {
      auto found = std::make_shared<typename OwnRead<T>::Found>(
          read.read(tx, {expected_.begin(), expected_.end()}));
      known = known_.emplace(&read, std::move(found)).first;
    }
    return In(*static_cast<const typename OwnRead<T>::Found*>(known->second.get()), id);
  }

 private:
  template <class T>
  static std::optional<T> In(const absl::flat_hash_map<base::Uuid, T>& found,
                             const base::Uuid& id) {
    const auto one = found.find(id);
    return one == found.end() ? std::nullopt : std::optional<T>(one->second);
  }

  absl::flat_hash_set<base::Uuid> expected_;
  absl::flat_hash_map<const void*, std::shared_ptr<void>> known_;  // an OwnRead<T>::Found each
};

}  // namespace ieum::ledger
