// The facts behind a figure, as SQL made from a definition. Nothing is counted anywhere else.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/base/scope.h"
#include "platform/filter/sql.h"

namespace ieum::reporting {

struct Scope {
  int generation = 0;  // of the facts
  std::string programme, edition;
  std::string cut_off_date;  // ISO, inclusive; empty = all
  base::Scope centres;       // whose facts are counted
};

// SELECT of columns k (distinct key), d (civil date), event_id, type, producer, shard, pos, source
// (its place in the definition, from 1), retracted_by (NULL = it counts); one row for each fact and
// source of the definition that names it.
// The definition was checked when it was stored; INTERNAL when it no longer fits the contracts.
absl::StatusOr<filter::Sql> Contributions(const v1::Indicator& indicator, const Scope& scope);

}  // namespace ieum::reporting
