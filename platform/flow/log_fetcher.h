// Asks a producer's ledger on a thread of its own, one question at a time, so that a consumer does
// not wait for it.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "platform/flow/log_reader.h"
#include "platform/flow/mailbox.h"

namespace ieum::flow {

class LogFetcher {
 public:
  using Answer = absl::StatusOr<platform::v1::ReadLogResponse>;

  LogFetcher(LogReader reader, std::string producer);
  // Waits for the question that is being asked.
  ~LogFetcher();

  // `on_answer` runs on the fetcher's thread.
  void Ask(int shard, int64_t from, int max_events, std::function<void(Answer)> on_answer);

 private:
  const LogReader reader_;
  const std::string producer_;
  Mailbox questions_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace ieum::flow
