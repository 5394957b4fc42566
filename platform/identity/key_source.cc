#include "platform/identity/key_source.h"

#include "platform/telemetry/log.h"
#include "platform/telemetry/metrics.h"

namespace ieum::identity {
namespace {

constexpr absl::Duration kLongestWait = absl::Minutes(1);  // clocks may be set while we wait

}  // namespace

KeySource::KeySource(FetchKeys fetch, KeyTimes times, telemetry::Metrics& metrics)
    : fetch_(std::move(fetch)), metrics_(metrics), cache_(times), thread_([this] { Work(); }) {}

KeySource::~KeySource() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::shared_ptr<const KeySet> KeySource::Keys() const {
  std::lock_guard lock(mutex_);
  return cache_.Keys(absl::Now());
}

bool KeySource::Missed() {
  std::lock_guard lock(mutex_);
  const bool soon = cache_.Missed(absl::Now());
  if (soon) changed_.notify_all();
  return soon;
}

void KeySource::Work() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const absl::Time now = absl::Now();
    const absl::Duration wait = cache_.Wait(now);
    if (wait > absl::ZeroDuration()) {
      changed_.wait_for(lock, absl::ToChronoNanoseconds(std::min(wait, kLongestWait)));
      continue;
    }
    cache_.Begin(now);
    lock.unlock();
    const absl::StatusOr<std::string> text = fetch_(stop_);
    lock.lock();
    if (stop_) return;
    const absl::Status status = cache_.End(absl::Now(), text);
    const auto keys = cache_.Keys(absl::Now());
    Report(status, keys == nullptr ? 0 : keys->size());
  }
}

// A source that stays away is said once, and once that it is back.
void KeySource::Report(const absl::Status& status, size_t keys) {
  metrics_
      .Counter("oidc_key_fetches_total", "Fetches of the issuer's keys, by outcome",
               {{"outcome", status.ok() ? "ok" : "failed"}})
      .Increment();
  metrics_.Gauge("oidc_keys", "Keys of the issuer that count now").Set(static_cast<double>(keys));
  if (status.ok()) {
    if (failing_) telemetry::Info("the issuer's keys can be read again", {{"keys", keys}});
  } else if (!failing_) {
    telemetry::Warn("the issuer's keys cannot be read; those at hand go on counting",
                    {{"reason", std::string(status.message())}, {"keys", keys}});
  }
  failing_ = !status.ok();
}

}  // namespace ieum::identity
