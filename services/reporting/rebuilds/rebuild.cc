#include "services/reporting/rebuilds/rebuild.h"

#include <algorithm>

namespace ieum::reporting {

bool ReadAsFar(const std::vector<v1::ProducerPosition>& made,
               const std::vector<v1::ProducerPosition>& live) {
  return std::all_of(live.begin(), live.end(), [&](const v1::ProducerPosition& wanted) {
    const auto found = std::find_if(made.begin(), made.end(), [&](const auto& have) {
      return have.producer() == wanted.producer();
    });
    if (found == made.end()) return false;
    for (int shard = 0; shard < wanted.positions_size(); ++shard) {
      if (shard >= found->positions_size()) return false;
      if (found->positions(shard) < wanted.positions(shard)) return false;
    }
    return true;
  });
}

std::optional<FactsRun> NextRun(const Compared& compared,
                                const std::vector<v1::ProducerPosition>& wanted,
                                int64_t positions_max) {
  for (const v1::ProducerPosition& producer : wanted) {
    for (int shard = 0; shard < producer.positions_size(); ++shard) {
      const auto found = compared.find({producer.producer(), shard});
      const int64_t after = found == compared.end() ? 0 : found->second;
      if (after >= producer.positions(shard)) continue;
      const int64_t up_to = std::min(producer.positions(shard), after + positions_max);
      return FactsRun{producer.producer(), shard, after, up_to};
    }
  }
  return std::nullopt;
}

bool AllEqual(const v1::Rebuild& comparison) {
  return std::all_of(comparison.tables().begin(), comparison.tables().end(), [](const auto& table) {
    return table.live_rows() == table.rebuilt_rows() && table.live_hash() == table.rebuilt_hash();
  });
}

}  // namespace ieum::reporting
