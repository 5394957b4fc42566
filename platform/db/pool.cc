#include "platform/db/pool.h"

#include "absl/time/clock.h"
#include "platform/base/status.h"
#include "platform/telemetry/log.h"

namespace ieum::db {
namespace {

telemetry::Labels InState(const std::string& pool, const char* state) {
  return {{"db_system_name", "postgresql"}, {"pool", pool}, {"state", state}};
}

}  // namespace

PoolMetrics::PoolMetrics(telemetry::Metrics& metrics, const std::string& pool)
    : idle(metrics.Gauge("db_client_connections", "Connections to the database, by state",
                         InState(pool, "idle"))),
      used(metrics.Gauge("db_client_connections", "Connections to the database, by state",
                         InState(pool, "used"))),
      wait_seconds(metrics.Seconds("db_client_connection_wait_time_seconds",
                                   "Waiting for a free connection",
                                   {{"db_system_name", "postgresql"}, {"pool", pool}})) {}

Pool::Pool(std::string conninfo, std::string settings, int size, absl::Duration acquire_timeout,
           std::unique_ptr<PoolMetrics> metrics)
    : conninfo_(std::move(conninfo)),
      settings_(std::move(settings)),
      acquire_timeout_(acquire_timeout),
      size_(size),
      free_slots_(size),
      metrics_(std::move(metrics)) {}

bool Pool::WaitForSlot(std::unique_lock<std::mutex>& lock) {
  if (free_slots_ > 0) {
    if (metrics_ != nullptr) metrics_->wait_seconds.Observe(0);
    return true;
  }
  const absl::Time began = absl::Now();
  const bool found = freed_.wait_for(lock, absl::ToChronoMilliseconds(acquire_timeout_),
                                     [this] { return free_slots_ > 0; });
  if (metrics_ != nullptr) {
    metrics_->wait_seconds.Observe(absl::ToDoubleSeconds(absl::Now() - began));
  }
  return found;
}

// Under the lock.
void Pool::Show() {
  if (metrics_ == nullptr) return;
  metrics_->idle.Set(static_cast<double>(idle_.size()));
  metrics_->used.Set(static_cast<double>(size_ - free_slots_));
}

absl::StatusOr<Pool::Lease> Pool::Acquire() {
  std::unique_lock lock(mutex_);
  if (!WaitForSlot(lock)) {
    return base::Overloaded("all database connections are busy; try again later", absl::Seconds(1));
  }
  --free_slots_;
  if (!idle_.empty()) {
    Lease lease(this, std::move(idle_.back()));
    idle_.pop_back();
    Show();
    return lease;
  }
  Show();
  lock.unlock();
  return Connect();
}

absl::StatusOr<Pool::Lease> Pool::Connect() {
  try {
    return Lease(this, std::make_unique<Connection>(conninfo_, settings_));
  } catch (const std::exception& error) {
    telemetry::Warn("database connection refused",
                    {{"db_message", std::string_view(error.what())}});
    Release(nullptr);
    return base::Unavailable("the database does not answer; try again with the same request_id",
                             absl::Seconds(1));
  }
}

void Pool::Release(std::unique_ptr<Connection> connection) {
  {
    std::lock_guard lock(mutex_);
    ++free_slots_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
    Show();
  }
  freed_.notify_one();
}

void Pool::DropAll(Lease lease) {
  std::vector<std::unique_ptr<Connection>> dropped;
  {
    std::lock_guard lock(mutex_);
    dropped.swap(idle_);
  }
  lease.connection_.reset();
}

}  // namespace ieum::db
