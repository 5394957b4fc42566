// The rows of facts. Two generations: one is live and read by everybody, the other is being
// rebuilt.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/types/span.h"
#include "ieum/platform/v1/ops.pb.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/db/tx.h"
#include "services/reporting/facts/fact.h"

namespace ieum::reporting {

struct Fact {
  std::string producer;
  const platform::v1::LedgerEvent* event = nullptr;  // outlives the fact
  std::string fields;                                // JSON object
};

// The generation that is read. For a reading transaction the first thing to ask: from then on no
// generation is emptied until it ends, so that what was live when it began can be read to the end.
int LiveGeneration(db::Tx& tx);
// For writers, who hold it against a swap until they commit.
int HoldLiveGeneration(db::Tx& tx);
// Makes `generation` the live one; waits for writers of the other one.
void SwitchLiveGeneration(db::Tx& tx, int generation);

// Repeats change nothing: a fact is the same whenever it is written.
void InsertFacts(db::Tx& tx, int generation, absl::Span<const Fact> facts);
// Facts of one shard that are surely not there: a repeat is a conflict. Cheaper.
void AddFacts(db::Tx& tx, int generation, const std::string& producer, int shard,
              absl::Span<const Fact> facts);
// What stands behind `pos` of a shard: read ahead of the consumer by a rebuild.
void DeleteFactsBehind(db::Tx& tx, int generation, const std::string& producer, int shard,
                       int64_t pos);
// Empties a generation that is not live. Whoever begins to read meanwhile waits for it; it waits
// half a second at most for those who read already, and is UNAVAILABLE then.
void ClearGeneration(db::Tx& tx, int generation);

// Applied positions of every producer, as of this transaction's snapshot.
std::vector<v1::ProducerPosition> AppliedPositions(db::Tx& tx);

// Over every column of every row; independent of the order of rows, and of how they are cut into
// runs.
struct FactsHash {
  int64_t rows = 0;
  absl::uint128 hash = 0;

  FactsHash& operator+=(const FactsHash& more);
  bool operator==(const FactsHash&) const = default;
};
// A run of both generations, by their number. Comparable with what the same server says only.
std::array<FactsHash, 2> HashGenerations(db::Tx& tx, const FactsRun& run);
// Of everything of one up to the positions given.
FactsHash HashFacts(db::Tx& tx, int generation, const std::vector<v1::ProducerPosition>& up_to);
// "casemgmt/3/17" of the first row of a run in which two generations differ; empty when none does.
std::string FirstDifference(db::Tx& tx, int live, int rebuilt, const FactsRun& run);

}  // namespace ieum::reporting
