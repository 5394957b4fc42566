// The facts behind a figure, as SQL made from a definition. Nothing is counted anywhere else.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/reporting/v1/indicator_service.pb.h"
#include "platform/base/scope.h"
#include "platform/filter/sql.h"

namespace ieum::reporting {

struct Scope {
  int generation = 0;  // of the facts
  std::string programme, edition;
  std::string cut_off_date;                           // ISO, inclusive; empty = all
  base::Scope centres;                                // whose facts are counted
  std::optional<absl::Time> known_by = std::nullopt;  // facts of later are not known yet
  // What counts on a later day does not count yet; nullopt = every day has come.
  std::optional<absl::CivilDay> today = std::nullopt;
};

using Sources = google::protobuf::RepeatedPtrField<v1::SourceRule>;

// Whether a side of a figure is a sum: all its sources name a field to add up, or none does.
bool IsSum(const Sources& sources);

// SELECT of columns k (distinct key), d (civil date), event_id, type, producer, shard, pos, source
// (its place in the definition, from 1), v (what it adds to a sum; NULL otherwise), retracted_by
// (NULL = it counts); one row for each fact and source that names it. Of a sum the latest fact of a
// key counts, whichever centre's it is, and takes the earlier ones back. Of a cohort the rows are
// its members (cohorts.h). The definition was checked when it was stored; INTERNAL when it no
// longer fits the contracts. Parameters are numbered from `first` on.
absl::StatusOr<filter::Sql> Contributions(const Sources& sources, const Scope& scope,
                                          int first = 1);

}  // namespace ieum::reporting
