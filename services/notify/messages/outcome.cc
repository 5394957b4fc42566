#include "services/notify/messages/outcome.h"

#include <algorithm>

namespace ieum::notify {
namespace {

constexpr absl::Duration kFirstRetry = absl::Milliseconds(200);
constexpr absl::Duration kRetryMax = absl::Minutes(5);
constexpr int kDoublingsMax = 12;

}  // namespace

Outcome::Kind OnceCancelled(Outcome::Kind kind) {
  const bool waits = kind == Outcome::Kind::kRetry || kind == Outcome::Kind::kHeld;
  return waits ? Outcome::Kind::kCancelled : kind;
}

absl::Duration RetryAfter(int attempts) {
  const int doublings = std::clamp(attempts - 1, 0, kDoublingsMax);
  return std::min(kRetryMax, kFirstRetry * (1 << doublings));
}

}  // namespace ieum::notify
