// Facts are a function of the set of events: whatever legal order they come in, the tables are the
// same, byte for byte.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "services/reporting/facts/fact_store.h"
#include "tests/integration/reporting/year_fixture.h"

namespace ieum::reporting {
namespace {

// Merges the shards' runs in a random order; within a shard (and so within an aggregate) order is
// kept.
std::vector<flow::ReceivedEvent> Interleave(const std::vector<flow::ReceivedEvent>& events) {
  std::map<int, std::vector<flow::ReceivedEvent>> shards;
  for (const auto& event : events) shards[event.envelope.shard()].push_back(event);
  std::vector<flow::ReceivedEvent> merged;
  while (!shards.empty()) {
    auto shard = shards.begin();
    std::advance(shard, *rc::gen::inRange<int>(0, static_cast<int>(shards.size())));
    merged.push_back(shard->second.front());
    shard->second.erase(shard->second.begin());
    if (shard->second.empty()) shards.erase(shard);
  }
  return merged;
}

FactsHash HashOf(ReportingDatabase& reporting) {
  FactsHash hash;
  EXPECT_TRUE(reporting.db.database()
                  .Read("hash",
                        [&](db::Tx& tx) {
                          hash = HashFacts(tx, LiveGeneration(tx), AppliedPositions(tx));
                          return absl::OkStatus();
                        })
                  .ok());
  return hash;
}

// One database for all runs: making one costs more than everything else here.
ReportingDatabase& Emptied() {
  static auto* reporting = new ReportingDatabase();
  reporting->db.Ask("TRUNCATE fact, inbox_cursor");
  return *reporting;
}

RC_GTEST_PROP(Facts, AreEqualAfterAnyLegalInterleavingInAnyBatches, ()) {
  ReportingDatabase& reporting = Emptied();
  reporting.Consume(SmallYear());
  const FactsHash wanted = HashOf(reporting);
  Emptied();
  const auto events = Interleave(SmallYear());
  size_t at = 0;
  while (at < events.size()) {
    const size_t size = std::min<size_t>(*rc::gen::inRange<size_t>(1, 4), events.size() - at);
    const auto from = events.begin() + static_cast<long>(at);
    reporting.Consume({from, from + static_cast<long>(size)});
    at += size;
  }
  RC_ASSERT(HashOf(reporting).hash == wanted.hash);
  RC_ASSERT(HashOf(reporting).rows == 6);
}

}  // namespace
}  // namespace ieum::reporting
