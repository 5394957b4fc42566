// Leadership among the processes of one service: a row in its database, the database's clock. A
// lease says who should act, so that somebody does; it never makes an action safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/db/database.h"
#include "platform/flow/flow_limits.h"
#include "platform/flow/instant.h"
#include "platform/flow/mailbox.h"

namespace ieum::flow {

// Thread-safe.
class Lease {
 public:
  explicit Lease(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  // Ends by itself when the keeper cannot renew it.
  bool held() const;
  // Grows with every change of the holder.
  int64_t term() const { return term_; }

 private:
  friend class LeaseKeeper;
  const std::string name_;
  std::atomic<int64_t> term_{0};
  std::atomic<int64_t> held_until_ns_{0};  // monotonic
};

// Takes and renews all leases of a process in one statement a second.
class LeaseKeeper {
 public:
  // `on_change`: a lease was won or lost; on the keeper's thread, must not block.
  LeaseKeeper(db::Database& database, std::string owner, const LeaseLimits& limits,
              std::function<void()> on_change);
  ~LeaseKeeper();

  // Before Start. The pointer lives as long as the keeper.
  Lease* Add(const std::string& name);
  void Start();
  // Gives all back, so that a standby has them at once, and takes none again.
  void ReleaseAll();

 private:
  void Run();
  bool Round();  // true: all wanted leases are held
  void Stop();

  db::Database& database_;
  const std::string owner_;
  const LeaseLimits limits_;
  const std::function<void()> on_change_;
  std::vector<std::unique_ptr<Lease>> leases_;
  Mailbox mailbox_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace ieum::flow
