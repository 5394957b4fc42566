// How a door reads one resource by its name.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "platform/base/status.h"
#include "platform/db/database.h"

namespace ieum::rpc {

// What `find` (transaction → optional) finds by one statement, on one trip to the database;
// NOT_FOUND, with `name`, for nothing. `transaction`: for logs. `find` may run more than once.
template <class Find>
auto ReadOne(db::Database& database, std::string_view transaction, const std::string& name,
             Find find)
    -> absl::StatusOr<typename std::invoke_result_t<Find, db::Tx&>::value_type> {
  std::invoke_result_t<Find, db::Tx&> found;
  RETURN_IF_ERROR(database.ReadOne(transaction, [&](db::Tx& tx) {
    found = find(tx);
    return absl::OkStatus();
  }));
  if (!found) return base::NotFound(name);
  return *std::move(found);
}

// The same by as many statements as it takes, in one snapshot.
template <class Find>
auto ReadWhole(db::Database& database, std::string_view transaction, const std::string& name,
               Find find)
    -> absl::StatusOr<typename std::invoke_result_t<Find, db::Tx&>::value_type> {
  std::invoke_result_t<Find, db::Tx&> found;
  RETURN_IF_ERROR(database.Read(transaction, [&](db::Tx& tx) {
    found = find(tx);
    return absl::OkStatus();
  }));
  if (!found) return base::NotFound(name);
  return *std::move(found);
}

}  // namespace ieum::rpc
