#include "tools/audit/positions.h"

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"

namespace ieum::audit {
namespace {

// The first place of a shard that is left out.
const db::Statement kFirstHole("audit_first_hole", R"(
  SELECT before + 1 FROM (
    SELECT pos, coalesce(lag(pos) OVER (ORDER BY pos), 0) AS before
    FROM event_log WHERE shard = $1) run
  WHERE pos <> before + 1 ORDER BY pos LIMIT 1)");

absl::StatusOr<int64_t> FirstHole(const Service& service, int shard, const ShardCount& count) {
  int64_t hole = count.max_pos + 1;
  RETURN_IF_ERROR(service.database->Read("audit_first_hole", [&](db::Tx& tx) {
    if (const auto row = tx.ExecOptional(kFirstHole, shard)) hole = (*row)[0].as<int64_t>();
    return absl::OkStatus();
  }));
  return hole;
}

bool Holds(const ShardCount& count) {
  return count.events == count.max_pos && count.max_pos == count.last_pos;
}

Offender OffenderOf(const std::string& service, int shard, int64_t pos, const ShardCount& count) {
  return {.service = service,
          .shard = shard,
          .pos = pos,
          .what = absl::StrCat(count.events, " events, last position ", count.max_pos, ", counter ",
                               count.last_pos)};
}

}  // namespace

bool JudgePositions(const std::string& service,
                    const std::array<ShardCount, base::Uuid::kShards>& counts, Tally& tally) {
  bool holds = true;
  for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
    tally.Checked(counts[shard].events);
    if (Holds(counts[shard])) continue;
    holds = false;
    const int64_t place = std::min(counts[shard].max_pos, counts[shard].last_pos) + 1;
    tally.Breach(OffenderOf(service, shard, place, counts[shard]));
  }
  return holds;
}

absl::Status CheckPositions(Subject& subject, Tally& tally) {
  for (const Service& service : subject.services()) {
    ASSIGN_OR_RETURN(const auto counts, CountShards(*service.database));
    Tally rough;
    if (JudgePositions(service.name, counts, rough)) {
      tally.Checked(rough.checked());
      continue;
    }
    tally.Checked(rough.checked());
    // Something is wrong: look for the very place, which the counts alone do not tell.
    for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
      if (Holds(counts[shard])) continue;
      ASSIGN_OR_RETURN(const int64_t hole, FirstHole(service, shard, counts[shard]));
      tally.Breach(OffenderOf(service.name, shard, hole, counts[shard]));
    }
  }
  return absl::OkStatus();
}

}  // namespace ieum::audit
