// What a person said to being asked, and what follows from it. Pure.
//
// A matter is a purpose and, of a provision, a recipient. What is said to it is added, entry after
// entry, and the last one counts; no entry is ever changed.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/registry/v1/consent_service.pb.h"
#include "ieum/registry/v1/consent_types.pb.h"
#include "platform/base/uuid.h"

namespace ieum::registry {

struct ConsentMatter {
  v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_UNSPECIFIED;
  std::optional<base::Uuid> recipient;  // of a provision only
  auto operator<=>(const ConsentMatter&) const = default;
};

// One entry.
struct Consent {
  base::Uuid id;
  base::Uuid person_id;
  std::optional<base::Uuid> centre;  // the person's
  ConsentMatter matter;
  int revision = 0;  // from 1 within its matter
  v1::ConsentState state = v1::CONSENT_STATE_UNSPECIFIED;
  base::Uuid text_id;
  base::Uuid act_id;  // of all that was said at once
  v1::ConsentChannel channel = v1::CONSENT_CHANNEL_UNSPECIFIED;
  absl::Time decided_at;
  absl::Time recorded_at;
  std::string recorder;
  std::optional<base::Uuid> guardian;
  std::optional<absl::Time> expires_at;  // of a given one
};

// Where a matter stands: its last entry, and how often its confirmation was called for.
struct ConsentHead {
  base::Uuid person_id;
  ConsentMatter matter;
  base::Uuid consent_id;
  int revision = 0;
  v1::ConsentState state = v1::CONSENT_STATE_UNSPECIFIED;
  base::Uuid text_id;
  absl::Time decided_at;
  std::optional<absl::Time> expires_at;
  int confirmations = 0;
};

std::string ConsentName(const base::Uuid& person, const base::Uuid& id);  // "persons/…/consents/…"

// The head that an entry makes.
ConsentHead HeadOf(const Consent& entry);
// The head of a matter among those of one person; nullptr when nothing was ever said to it.
const ConsentHead* HeadFor(const std::vector<ConsentHead>& heads, const ConsentMatter& matter);

// Of two heads of one matter, said by one person under two records, whether `one` counts at `now`:
// the one that was said last; of two at once the one that refuses more. A consent that has run out
// counts from its end on: it is not held up by one that was given before. law:L11
bool CountsOver(const ConsentHead& one, const ConsentHead& other, absl::Time now);

// Where a matter stands at an instant that is not before its last entry: GIVEN ends by itself at
// `expires_at`, that instant excluded.
v1::ConsentState StateAt(const ConsentHead& head, absl::Time at);
// Why what needs the consent is not covered; unspecified when it is.
v1::ConsentRefusal RefusalOf(v1::ConsentState state);

// Whether what became of it must be told, and whether it must be confirmed: advertising, by day and
// by night (정보통신망법 제50조 제7항, 제8항).
bool IsAdvertising(v1::ConsentPurpose purpose);
// The last day on which the person may be told what became of what she said: the fourteenth after
// it.
absl::CivilDay ResultDueDay(absl::CivilDay decided);
// The same day of the second year for `round` 1, of the fourth for 2…; 29 February falls on the
// 28th where there is none. The confirmation is due before it; silence keeps the consent.
absl::CivilDay ReconfirmDay(absl::CivilDay given, int round);
// How long before that day it is called for, so that a letter can still be written.
inline constexpr int kReconfirmNoticeDays = 30;
// When something is to be written down about the matter: its expiry, or that its confirmation is
// called for (09:00 in Korea); nullopt = never.
std::optional<absl::Time> DueAt(const ConsentHead& head);

// DATE_INVALID blaming `field` when nobody can have said something then: after `now`, or before the
// year 1900.
absl::Status CheckDecideTime(absl::Time decided_at, absl::Time now, std::string_view field);

// Takes what a person said from the contract's message, named below "consent": state, channel,
// instant, expiry. Faults of all parts at once: CONSENT_INCOMPLETE for what is missing,
// INVALID_FIELD for a state that nobody says, DATE_INVALID as CheckDecideTime has it and for an
// expiry after the year 2999, DATE_ORDER for one before it was said. law:L01
absl::Status TakeDecision(const v1::Consent& wanted, absl::Time now, Consent* entry);

// The entry becomes the next one of its matter: DATE_ORDER when something later was said.
absl::Status Succeed(const ConsentHead* before, Consent* entry);

// What a withdrawal takes back, of what one person has said: GIVEN ones that were given before it.
// `purpose` unspecified = all; advertising takes the night with it. `recipient` narrows provisions.
struct Withdrawal {
  v1::ConsentPurpose purpose = v1::CONSENT_PURPOSE_UNSPECIFIED;
  std::optional<base::Uuid> recipient;
  v1::ConsentChannel channel = v1::CONSENT_CHANNEL_UNSPECIFIED;
  absl::Time decided_at;
};
std::vector<ConsentHead> TakenBack(const std::vector<ConsentHead>& heads,
                                   const Withdrawal& withdrawal);

}  // namespace ieum::registry
