// The log of accesses to personal data (접속기록). Whoever answers with such data, or refuses it,
// first appends an access and answers when it is durable. Accesses that come together share a
// commit.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "platform/access_log/access.h"
#include "platform/db/database.h"
#include "platform/telemetry/metrics.h"

namespace ieum::access_log {

// A writer's id tells when it began, so that whoever seals finds those of late without looking at
// all: a process takes a new one this often.
inline constexpr absl::Duration kWriterLife = absl::Hours(1);
inline constexpr size_t kWaitingMax = 10'000;  // accesses that are not written yet
inline constexpr size_t kBatchMax = 256;       // accesses in one commit

// Thread-safe.
class AccessLog {
 public:
  // `database`: reads and commands must not take its connections away; one is enough.
  explicit AccessLog(db::Database& database, telemetry::Metrics* metrics = nullptr);
  // Writes what waits; afterwards nobody is called any more.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  using Written = std::function<void(const absl::Status&)>;
  // Never waits. `written` is called once: OK when the row is durable, UNAVAILABLE when it is not
  // or nobody knows. On the log's own thread, or on this one when too many wait; it must not block.
  void Append(Access access, Written written);

 private:
  struct Waiting {
    Access access;
    Written written;
  };
  void Loop();
  absl::Status WriteBatch(const std::vector<Waiting>& batch);
  absl::Status Insert(const std::vector<Waiting>& batch, bool again);
  void BeginWriter();

  db::Database& database_;
  prometheus::Counter* rows_ = nullptr;
  prometheus::Counter* lost_ = nullptr;
  prometheus::Histogram* seconds_ = nullptr;

  // Of the log's own thread.
  base::Uuid writer_;
  int64_t next_number_ = 1;
  absl::Time writer_began_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // last: uses all of the above
};

}  // namespace ieum::access_log
