// Attempts to reach the person of a case (연락 시도). A case is closed as lost after three of them
// in thirty days (domain.md §2, state 10). Pure.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/casemgmt/v1/types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::casemgmt {

struct ContactAttempt {
  base::Uuid id;
  absl::CivilDay day;
  v1::AttemptChannel channel = v1::ATTEMPT_CHANNEL_UNSPECIFIED;
  v1::AttemptOutcome outcome = v1::ATTEMPT_OUTCOME_UNSPECIFIED;
  absl::Time record_time;
};

inline constexpr int kLostTries = 3;
inline constexpr int kLostDays = 30;

// She answered, if only to be called later.
bool Answered(const ContactAttempt& attempt);
// CONTACT_TRIES_MISSING unless she was tried three times in the thirty days to `day` and was not
// reached since the first of them. `attempts` in any order.
absl::Status CheckLost(const std::vector<ContactAttempt>& attempts, absl::CivilDay day);

}  // namespace ieum::casemgmt
