// What subjects hold, and in which centres, in memory: asked for every call, read anew whenever the
// book's revision has changed. A change counts within kLook in every process of the service, and at
// once in one that calls Refresh.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "platform/access/book_store.h"
#include "platform/base/clock.h"
#include "platform/db/database.h"
#include "platform/rpc/grant_source.h"
#include "platform/telemetry/metrics.h"

namespace ieum::access {

inline constexpr absl::Duration kLook = absl::Milliseconds(200);
// A copy that could not be compared with the tables for so long counts no more: whoever left
// meanwhile would still be let in.
inline constexpr absl::Duration kCountsFor = absl::Seconds(30);

// Thread-safe.
class GrantBook final : public rpc::GrantSource {
 public:
  // What it is given outlives it. `clock`: business time, by which grants end.
  GrantBook(db::Database& database, const base::Clock& clock, telemetry::Metrics& metrics);
  ~GrantBook() override;

  // Looks, and goes on looking until Stop. Before the first look that succeeds nobody's grants are
  // known.
  void Start();
  void Stop();

  // Looks now. The copy stays as it was when the tables cannot be read.
  absl::Status Refresh();

  absl::Status Complete(rpc::Identity* identity) const override;

 private:
  std::shared_ptr<const Shelf> Current() const;
  void AddHeld(const HeldBySubject& held, rpc::Identity* identity) const;
  void Loop();

  db::Database& database_;
  const base::Clock& clock_;
  std::mutex refreshing_;
  mutable std::mutex mutex_;  // of all below
  std::shared_ptr<const Shelf> shelf_;
  absl::Duration looked_at_;  // monotonic
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ieum::access
