// A bounded set of connections, made when first needed.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/db/connection.h"
#include "platform/telemetry/metrics.h"

namespace ieum::db {

// What a pool says of itself.
struct PoolMetrics {
  PoolMetrics(telemetry::Metrics& metrics, const std::string& pool);
  prometheus::Gauge& idle;
  prometheus::Gauge& used;
  prometheus::Histogram& wait_seconds;
};

// Thread-safe.
class Pool {
 public:
  Pool(std::string conninfo, std::string settings, int size, absl::Duration acquire_timeout,
       std::unique_ptr<PoolMetrics> metrics = nullptr);

  // Gives its connection back when destroyed.
  class Lease {
   public:
    Lease(Pool* pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->Release(std::move(connection_));
    }
    Connection& connection() { return *connection_; }

   private:
    friend class Pool;
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Waits for a free connection; UNAVAILABLE when the server does not answer, RESOURCE_EXHAUSTED
  // when all stay busy for the acquire timeout.
  absl::StatusOr<Lease> Acquire();
  // Throws this connection and all idle ones away.
  void DropAll(Lease lease);

 private:
  void Release(std::unique_ptr<Connection> connection);
  absl::StatusOr<Lease> Connect();
  bool WaitForSlot(std::unique_lock<std::mutex>& lock);
  void Show();

  const std::string conninfo_;
  const std::string settings_;
  const absl::Duration acquire_timeout_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  const int size_;
  int free_slots_;                              // connections that may be lent or made
  const std::unique_ptr<PoolMetrics> metrics_;  // null = nobody asks
};

}  // namespace ieum::db
