// The issuer's keys, fetched beside the calls: a call never waits for the issuer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "platform/identity/key_cache.h"

namespace ieum::telemetry {
class Metrics;
}

namespace ieum::identity {

// Runs on the source's thread; ends soon once `stop` is set.
using FetchKeys = std::function<absl::StatusOr<std::string>(const std::atomic<bool>& stop)>;

// Thread-safe.
class KeySource {
 public:
  // Begins to fetch at once.
  KeySource(FetchKeys fetch, KeyTimes times, telemetry::Metrics& metrics);
  ~KeySource();

  // See KeyCache. Neither waits.
  std::shared_ptr<const KeySet> Keys() const;
  bool Missed();

 private:
  void Work();
  void Report(const absl::Status& status, size_t keys);

  const FetchKeys fetch_;
  telemetry::Metrics& metrics_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  KeyCache cache_;
  bool failing_ = false;  // said already
  std::atomic<bool> stop_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace ieum::identity
