// The work of a rebuild, in bounded steps that can be killed at any point: read a piece of a
// producer's ledger, write it into the generation that is not live; when it has read as far as the
// live one, compare the two at equal positions and, when asked to, let the new one take over.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/flow/due_work.h"
#include "platform/flow/log_reader.h"
#include "platform/ledger/ledger.h"

namespace ieum::reporting {

class RebuildWork {
 public:
  // All outlive the work.
  RebuildWork(ledger::Ledger& ledger, flow::LogReader log_reader,
              std::vector<std::string> producers);
  // To be given to the runtime.
  flow::DueWork AsDueWork();
  // One step; true = there is more to do.
  absl::StatusOr<bool> Step();

 private:
  struct Running;
  absl::StatusOr<bool> ReadPiece(const Running& running);
  absl::StatusOr<bool> End(const Running& running);
  absl::Status Begin(const Running& running);
  absl::Status Conclude(db::Tx& tx, const Running& running, int live,
                        const std::vector<v1::ProducerPosition>& applied);

  ledger::Ledger& ledger_;
  flow::LogReader log_reader_;
  std::vector<std::string> producers_;
  std::set<std::pair<std::string, int>> exhausted_;  // shards read to their end in this round
};

}  // namespace ieum::reporting
