#include "services/notify/messages/outcome.h"

#include <algorithm>

namespace ieum::notify {
namespace {

constexpr absl::Duration kFirstRetry = absl::Milliseconds(200);
constexpr absl::Duration kRetryMax = absl::Minutes(5);
constexpr int kDoublingsMax = 12;

}  // namespace

std::string KindWord(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kHandedOver:
      return "handed_over";
    case Outcome::Kind::kInDoubt:
      return "in_doubt";
    case Outcome::Kind::kSuppressed:
      return "suppressed";
    case Outcome::Kind::kExpired:
      return "expired";
    case Outcome::Kind::kRetry:
      return "retry";
    case Outcome::Kind::kHeld:
      return "held";
    case Outcome::Kind::kPutBack:
      return "put_back";
    case Outcome::Kind::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

bool IsTold(Outcome::Kind kind) {
  return kind != Outcome::Kind::kRetry && kind != Outcome::Kind::kHeld &&
         kind != Outcome::Kind::kPutBack;
}

Outcome::Kind OnceCancelled(Outcome::Kind kind) {
  return IsTold(kind) ? kind : Outcome::Kind::kCancelled;
}

absl::Duration RetryAfter(int attempts) {
  const int doublings = std::clamp(attempts - 1, 0, kDoublingsMax);
  return std::min(kRetryMax, kFirstRetry * (1 << doublings));
}

}  // namespace ieum::notify
