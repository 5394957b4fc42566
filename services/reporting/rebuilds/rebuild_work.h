// The work of a rebuild, in bounded steps that can be killed at any point: read a piece of a
// producer's ledger, write it into the generation that is not live; when it has read as far as the
// live one, compare the two at equal positions, run by run, and, when asked to, let the new one
// take over. Writers of the live facts are only held back for the take-over.
//
// A piece and its position are committed together and without waiting for the disk: what a crash
// of the database takes away is read again. What is compared is on disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/flow/due_work.h"
#include "platform/flow/log_reader.h"
#include "platform/ledger/ledger.h"
#include "services/reporting/rebuilds/log_ahead.h"

namespace ieum::reporting {

class RebuildWork {
 public:
  // All outlive the work.
  // `run_positions_max`: rows of one shard that are compared in one statement.
  RebuildWork(ledger::Ledger& ledger, flow::LogReader log_reader,
              std::vector<std::string> producers, int64_t run_positions_max = 20'000);
  ~RebuildWork();
  // To be given to the runtime.
  flow::DueWork AsDueWork();
  // One step; true = there is more to do.
  absl::StatusOr<bool> Step();

 private:
  struct Running;
  struct Comparison;
  absl::StatusOr<bool> ReadPiece(const Running& running);
  absl::StatusOr<bool> CompareRun(const Running& running);
  absl::StatusOr<bool> End(const Running& running);
  bool Swap(db::Tx& tx, Comparison* comparison);
  absl::Status Begin();
  absl::Status Flush(const Running& running);
  absl::Status Conclude(db::Tx& tx, const Running& running, const Comparison& comparison);

  ledger::Ledger& ledger_;
  flow::LogReader log_reader_;
  std::vector<std::string> producers_;
  int64_t run_positions_max_;
  // In memory only: a killed process compares from the beginning.
  std::unique_ptr<Comparison> comparison_;
  std::unique_ptr<LogAhead> ahead_;  // of this round of reading
  bool read_to_end_ = false;         // in this round
};

}  // namespace ieum::reporting
