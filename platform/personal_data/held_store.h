// Reads a person's records, kind by kind.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ieum/platform/v1/personal_data.pb.h"
#include "platform/base/scope.h"
#include "platform/db/tx.h"
#include "platform/personal_data/held.h"

namespace ieum::personal_data {

// One person, and whose rows may be told.
struct Whose {
  base::Uuid person;
  base::Scope scope;
};

// Where the next page begins.
struct Place {
  size_t kind = 0;
  std::string key;   // behind this one; "" = from the first
  absl::Time began;  // when the first page was asked for, real time
};

// Adds records from `from` on, at most `records_max` and about `bytes_max`, and of each kind that
// is begun how many are left out. nullopt = there are no more.
absl::StatusOr<std::optional<Place>> ReadHeld(db::Tx& tx, const Holdings& holdings,
                                              const Whose& whose, Reading& reading, Place from,
                                              int records_max, size_t bytes_max,
                                              platform::v1::ExportPersonalDataResponse* response);

// Set when this service has destroyed what it had of her.
std::optional<platform::v1::PersonalDataErasure> FindErasure(db::Tx& tx, const base::Uuid& person);

}  // namespace ieum::personal_data
