// The ledgers of a played year, read over ReadLog, and put into other orders.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "platform/flow/subscriptions.h"
#include "tools/play/services.h"

namespace ieum::testing {

// All events of these producers, shard after shard, as a consumer would receive them.
std::vector<flow::ReceivedEvent> ReadLedgers(play::Services& services,
                                             const std::vector<std::string>& producers);

// A random order in which only the events of the same aggregate keep theirs.
std::vector<flow::ReceivedEvent> Interleaved(const std::vector<flow::ReceivedEvent>& events,
                                             std::mt19937_64& random);

}  // namespace ieum::testing
