// A rebuild: all facts made again from the producers' ledgers, beside those in use. Pure parts.
#pragma once

#include <string>
#include <vector>

#include "ieum/reporting/v1/metric_service.pb.h"
#include "ieum/reporting/v1/rebuild_service.pb.h"

namespace ieum::reporting {

// True when `made` has read at least as far as `live` in every shard of every producer: only then
// can the two be compared, and only then may it take over.
bool ReadAsFar(const std::vector<v1::ProducerPosition>& made,
               const std::vector<v1::ProducerPosition>& live);

bool AllEqual(const v1::Rebuild& comparison);

}  // namespace ieum::reporting
