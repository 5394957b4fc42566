// The rows of facts. Two generations: one is live and read by everybody, the other is being
// rebuilt.
#pragma once

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "ieum/platform/v1/ops.pb.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/db/tx.h"

namespace ieum::reporting {

struct Fact {
  std::string producer;
  const platform::v1::LedgerEvent* event = nullptr;  // outlives the fact
  std::string fields;                                // JSON object
};

// The generation that is read. Writers hold it against a swap until they commit.
int LiveGeneration(db::Tx& tx);
int HoldLiveGeneration(db::Tx& tx);
// Makes `generation` the live one; waits for writers of the other one.
void SwitchLiveGeneration(db::Tx& tx, int generation);

// Repeats change nothing: a fact is the same whenever it is written.
void InsertFacts(db::Tx& tx, int generation, absl::Span<const Fact> facts);
// What stands behind `pos` of a shard: read ahead of the consumer by a rebuild.
void DeleteFactsBehind(db::Tx& tx, int generation, const std::string& producer, int shard,
                       int64_t pos);
// Empties a generation that is not live.
void ClearGeneration(db::Tx& tx, int generation);

// Applied positions of every producer, as of this transaction's snapshot.
std::vector<v1::ProducerPosition> AppliedPositions(db::Tx& tx);

struct FactsHash {
  int64_t rows = 0;
  std::string hash;
};
// Over every column of every row up to the positions given; independent of order.
FactsHash HashFacts(db::Tx& tx, int generation, const std::vector<v1::ProducerPosition>& up_to);
// "casemgmt/3/17" of the first row in which two generations differ; empty when none does.
std::string FirstDifference(db::Tx& tx, int live, int rebuilt,
                            const std::vector<v1::ProducerPosition>& up_to);

}  // namespace ieum::reporting
