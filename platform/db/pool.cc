#include "platform/db/pool.h"

#include "platform/base/status.h"
#include "platform/telemetry/log.h"

namespace ieum::db {

Pool::Pool(std::string conninfo, std::string settings, int size, absl::Duration acquire_timeout)
    : conninfo_(std::move(conninfo)),
      settings_(std::move(settings)),
      acquire_timeout_(acquire_timeout),
      free_slots_(size) {}

absl::StatusOr<Pool::Lease> Pool::Acquire() {
  std::unique_lock lock(mutex_);
  if (!freed_.wait_for(lock, absl::ToChronoMilliseconds(acquire_timeout_),
                       [this] { return free_slots_ > 0; })) {
    return base::Overloaded("all database connections are busy; try again later", absl::Seconds(1));
  }
  --free_slots_;
  if (!idle_.empty()) {
    Lease lease(this, std::move(idle_.back()));
    idle_.pop_back();
    return lease;
  }
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
