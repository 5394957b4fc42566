// Events that could not be applied, and what operators do about them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "ieum/platform/v1/ops.pb.h"
#include "platform/base/uuid.h"
#include "platform/flow/subscriptions.h"
#include "platform/ledger/ledger.h"

namespace ieum::flow {

struct DeadLetterPage {
  std::vector<platform::v1::DeadLetter> dead_letters;  // oldest first
  std::string next;                                    // where the next page begins; "" = last page
};

// Thread-safe. Works on any process of the service, whether it consumes or not.
class DeadLetters {
 public:
  DeadLetters(ledger::Ledger& ledger, const Subscriptions& subscriptions);

  // At most `page_size` (> 0) after `after`, which is "" or a `next` of before.
  // INVALID_ARGUMENT (PAGE_TOKEN_INVALID) when it is neither.
  absl::StatusOr<DeadLetterPage> List(int page_size, std::string_view after);

  // Applies the dead letters of one aggregate in their order in one transaction and unparks it.
  // Returns how many. NOT_FOUND (DEAD_LETTER_NOT_FOUND) when there is none; FAILED_PRECONDITION
  // (REPLAY_FAILED) with the first error's reason when one failed, and then nothing has changed;
  // transient errors come back as they are. `actor` is kept with the decision.
  absl::StatusOr<int> Replay(const std::string& producer, const base::Uuid& aggregate,
                             std::string_view actor);

  // Gives them up and unparks the aggregate; reason and actor are kept. Returns how many.
  absl::StatusOr<int> Discard(const std::string& producer, const base::Uuid& aggregate,
                              std::string_view reason, std::string_view actor);

 private:
  ledger::Ledger& ledger_;
  const Subscriptions& subscriptions_;
};

}  // namespace ieum::flow
