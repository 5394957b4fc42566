// The access log of a process: the log itself, and, on the one process that holds the lease, the
// sealing of what all processes wrote and the purge of what is old enough.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "platform/access_log/access_log.h"
#include "platform/access_log/sealing.h"
#include "platform/db/database.h"
#include "platform/telemetry/metrics.h"

namespace ieum::runtime {

struct AccessKeepingOptions {
  std::string service;
  db::DatabaseOptions database;  // the log has a connection of its own
  int years = 2;                 // that rows are kept; the database refuses less than two
};

class AccessKeeping {
 public:
  AccessKeeping(AccessKeepingOptions options, telemetry::Metrics& metrics);
  // Stops if nobody did.
  ~AccessKeeping();

  access_log::AccessLog& log() { return log_; }
  // Begins to seal and to purge; the schema is there.
  void Start();
  // Gives the lease back. The log goes on until the end of the object.
  void Stop();

 private:
  void Loop();
  void Round();
  void TakeLease();
  void Seal();
  bool GoesOn();
  void Purge();

  const AccessKeepingOptions options_;
  const std::string owner_;
  db::Database database_;
  access_log::AccessLog log_;
  prometheus::Counter& sealed_;
  prometheus::Gauge& holes_;
  size_t swept_holes_ = 0;  // found by the last sweep; rounds between do not look at old writers

  // Of the loop.
  absl::Time last_lease_, next_sweep_, next_purge_, next_word_;
  bool leads_ = false;

  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ieum::runtime
