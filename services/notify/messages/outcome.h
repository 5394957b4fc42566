// What became of one attempt to send a message.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "ieum/notify/v1/types.pb.h"
#include "services/notify/messages/decision.h"
#include "services/notify/messages/message.h"

namespace ieum::notify {

struct Outcome {
  enum class Kind {
    kHandedOver,
    kInDoubt,
    kSuppressed,
    kExpired,
    kRetry,
    kHeld,
    kPutBack,  // claimed, and then not tried: as if it had not been claimed
    kCancelled
  };
  Kind kind = Kind::kRetry;
  v1::SuppressionReason reason = v1::SUPPRESSION_REASON_UNSPECIFIED;  // of kSuppressed
  absl::Duration retry_after;                                         // of kRetry, real time
  absl::Time hold_until;                                              // of kHeld, business time
  DecisionInputs inputs;                                              // last decided on
  std::string language;    // "ko", "en"; empty = no text was made
  std::string receipt_id;  // registry's; empty = not asked
  std::string failure;     // in codes, never an address: "smtp 451", "registry UNAVAILABLE"
};

// An attempt, which its message's count has counted, and what became of it.
struct Attempted {
  Message message;
  Outcome outcome;
};

// For metrics and logs: "handed_over".
std::string KindWord(Outcome::Kind kind);
// Whether an event tells it; what waits again is no news.
bool IsTold(Outcome::Kind kind);

// What an attempt comes to whose message was cancelled while it was under way: what would wait for
// another attempt is CANCELLED; what has left, or perhaps has, and what is over stay what they are.
Outcome::Kind OnceCancelled(Outcome::Kind kind);

// Real time until the next attempt after `attempts` that failed.
absl::Duration RetryAfter(int attempts);

}  // namespace ieum::notify
