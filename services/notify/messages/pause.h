// Everything waits a while when not a message but a server is the reason; longer each time, until
// something goes through again.
#pragma once

#include <functional>
#include <mutex>

#include "absl/time/time.h"

namespace ieum::notify {

// Thread-safe.
class Pause {
 public:
  // `elapsed`: real time since some moment, which never goes back.
  explicit Pause(std::function<absl::Duration()> elapsed) : elapsed_(std::move(elapsed)) {}

  bool On() const;
  // Where it is on already, several found the same reason: it does not grow.
  void Begin();
  // Something went through: the next pause is a short one.
  void Forget();

 private:
  const std::function<absl::Duration()> elapsed_;
  mutable std::mutex mutex_;
  absl::Duration until_ = -absl::InfiniteDuration();
  int times_ = 0;  // one after the other
};

}  // namespace ieum::notify
