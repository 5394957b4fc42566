// A rebuild: all facts made again from the producers' ledgers, beside those in use. Pure parts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ieum/reporting/v1/metric_service.pb.h"
#include "ieum/reporting/v1/rebuild_service.pb.h"
#include "services/reporting/facts/fact.h"

namespace ieum::reporting {

// True when `made` has read at least as far as `live` in every shard of every producer: only then
// can the two be compared, and only then may it take over.
bool ReadAsFar(const std::vector<v1::ProducerPosition>& made,
               const std::vector<v1::ProducerPosition>& live);

// How far two generations were compared: the last position of each shard of each producer.
using Compared = std::map<std::pair<std::string, int>, int64_t>;
// The next run to compare, of at most `positions_max`; nullopt when all up to `wanted` is compared.
std::optional<FactsRun> NextRun(const Compared& compared,
                                const std::vector<v1::ProducerPosition>& wanted,
                                int64_t positions_max);

bool AllEqual(const v1::Rebuild& comparison);

}  // namespace ieum::reporting
