#include "services/casemgmt/cases/contact_attempt.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"

namespace ieum::casemgmt {

bool Answered(const ContactAttempt& attempt) {
  return attempt.outcome == v1::ATTEMPT_OUTCOME_REACHED ||
         attempt.outcome == v1::ATTEMPT_OUTCOME_CALL_LATER;
}

absl::Status CheckLost(const std::vector<ContactAttempt>& attempts, absl::CivilDay day) {
  const absl::CivilDay first = day - (kLostDays - 1);
  absl::CivilDay answered = first - 1;
  for (const ContactAttempt& attempt : attempts) {
    if (Answered(attempt) && attempt.day <= day) answered = std::max(answered, attempt.day);
  }
  int tries = 0;
  for (const ContactAttempt& attempt : attempts) {
    if (!Answered(attempt) && attempt.day > answered && attempt.day <= day) ++tries;
  }
  if (tries >= kLostTries) return absl::OkStatus();
  return base::Forbidden(
      v1::ERROR_REASON_CONTACT_TRIES_MISSING,
      absl::StrCat("nobody is lost before ", kLostTries, " tries in ", kLostDays, " days: from ",
                   base::FormatDay(answered + 1), " to ", base::FormatDay(day), " there are ",
                   tries, "; log each attempt to reach her"),
      {{"tries", absl::StrCat(tries)}});
}

}  // namespace ieum::casemgmt
