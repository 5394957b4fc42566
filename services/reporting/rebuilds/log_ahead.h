// The ledgers of the producers, read ahead of whoever keeps them: while one piece is written, the
// next ones are on their way and are made into facts.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/reporting/v1/metric_service.pb.h"
#include "platform/flow/log_reader.h"
#include "platform/flow/subscriptions.h"
#include "services/reporting/facts/fact_store.h"

namespace ieum::reporting {

// Events of one shard that follow each other, and the facts that they give.
struct LogPiece {
  std::string producer;
  int64_t epoch = 0;  // of the ledger that was read
  int shard = 0;
  int64_t from = 0, to = 0;  // positions before it, and of its last event
  std::vector<flow::ReceivedEvent> events;
  std::vector<Fact> facts;  // point at `events`
};

// One reading thread. Holds a few pieces at most.
class LogAhead {
 public:
  // Each shard from behind its position on, to the end that its ledger has when it is reached.
  LogAhead(flow::LogReader reader, std::vector<v1::ProducerPosition> positions);
  // Waits for the answer that is under way.
  ~LogAhead();
  LogAhead(const LogAhead&) = delete;
  LogAhead& operator=(const LogAhead&) = delete;

  // The next piece, waiting for it; nullptr when all shards were read to their ends. An error of
  // the reader ends the reading.
  absl::StatusOr<std::unique_ptr<LogPiece>> Next();

 private:
  void Run();
  absl::Status ReadShard(const std::string& producer, int shard, int64_t from);
  // False when nobody wants it any more.
  bool Give(std::unique_ptr<LogPiece> piece);

  const flow::LogReader reader_;
  const std::vector<v1::ProducerPosition> positions_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<LogPiece>> pieces_;
  bool ended_ = false, unwanted_ = false;
  absl::Status status_;
  std::thread thread_;
};

}  // namespace ieum::reporting
