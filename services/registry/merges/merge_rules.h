// What becomes of every row that names a person when two records are merged. A test holds this
// table beside the database and fails for a column that names a person and has no rule here:
// whoever adds one, adds its line.
#pragma once

#include <span>

#include "ieum/registry/v1/merge_service.pb.h"

namespace ieum::registry {

struct MergePlace {
  const char *table, *column;
  v1::MergeRule rule;
  const char* why;
  // Of what moves: the row's primary key ("" = it moves by a statement of its own); whether the
  // row's `centre_id` is its person's; and which rows of the duplicate stay though the others move,
  // as SQL about the row `t` ($3: the survivor).
  const char* key = "id";
  bool of_persons_centre = false;
  const char* stays = "";
  // Whether a merge says how many rows there are: not where no index leads from a person to them.
  bool counted = true;

  bool moves() const {
    return (rule == v1::MERGE_RULE_MOVE || rule == v1::MERGE_RULE_RESOLVE) && key[0] != '\0';
  }
};

// In the order in which a merge goes through them.
std::span<const MergePlace> MergePlaces();

}  // namespace ieum::registry
