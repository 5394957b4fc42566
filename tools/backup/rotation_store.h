// The SQL of a rotation; runs inside the caller's transaction.
#pragma once

#include <string>
#include <vector>

#include "platform/base/uuid.h"
#include "platform/db/tx.h"

namespace ieum::backup {

struct KeyCount {
  std::string key_id;
  int64_t persons = 0;
  bool retired = false;
};
std::vector<KeyCount> CountByKey(db::Tx& tx);
void NameKeys(db::Tx& tx, const std::vector<std::string>& key_ids);

struct WrappedPerson {
  base::Uuid person;
  std::string wrapped, key_id;
};
// Locks some that another key than `newest` holds: of those in use after `after`, by id, and before
// them of those that are kept apart.
std::vector<WrappedPerson> LockOthers(db::Tx& tx, const std::string& newest,
                                      const base::Uuid& after, int limit);
void SaveWrapped(db::Tx& tx, const std::vector<WrappedPerson>& persons);

// Nobody makes or changes a person's key until the transaction ends.
void LockPersonKeys(db::Tx& tx);
int64_t CountOthers(db::Tx& tx, const std::string& newest);
void MarkRetired(db::Tx& tx, const std::vector<std::string>& key_ids);

}  // namespace ieum::backup
