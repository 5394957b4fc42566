// A message: one text to one person, once. It carries no address and no text; both are made when it
// is handed over and forgotten.
//
//   PENDING → SENDING → HANDED_OVER | SUPPRESSED | EXPIRED | IN_DOUBT
//    ↓  ↑        ↓
//    │  └────────┴── a failure that surely left no mail behind
//    └→ CANCELLED ←┘  the same, when it was cancelled meanwhile
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/notify/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "services/notify/events/event_fields.h"
#include "services/notify/reminders/plan.h"
#include "services/notify/reminders/reminder.h"

namespace ieum::notify {

// Who acts when nobody asked: the actor of events that business time caused.
inline constexpr char kActor[] = "service/notify";

struct Message {
  base::Uuid id;
  base::Uuid reminder_id;
  std::string rule_code;
  int rule_version = 0;
  std::string subject_id;
  v1::MessageKind kind = v1::MESSAGE_KIND_REMINDER;
  base::Uuid person;
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::LawClass law_class = v1::LAW_CLASS_UNSPECIFIED;
  std::string template_code;
  int template_version = 0;  // pinned
  absl::Time due_at;
  absl::Time expires_at;
  base::Uuid cause_event_id;
  std::string correlation_id;
  Facts facts;  // what its text can be made of, dates as `date`, `due_date`, `previous_date` too
  v1::MessageState state = v1::MESSAGE_STATE_PENDING;
  v1::SuppressionReason suppression_reason = v1::SUPPRESSION_REASON_UNSPECIFIED;
  v1::DoubtResolution doubt_resolution = v1::DOUBT_RESOLUTION_UNSPECIFIED;
  std::string language;    // "ko", "en"; empty = not sent
  std::string receipt_id;  // registry's, for the contact
  int attempt_count = 0;
  std::optional<absl::Time> handed_over_at;  // business time
  absl::Time created_at;                     // business time
  absl::Time updated_at;
  absl::Duration waited;    // real time since it was made, when it was claimed
  std::string traceparent;  // of what it comes from; empty while nothing is traced
};

// "messages/{uuid}".
std::string MessageName(const base::Uuid& id);
// The day on which it was due; it counts in the balance of this day.
absl::CivilDay DueDay(const Message& message);

// The message of a released row to one of its recipients. The same row and person give the same id
// with the same seed, and without the seed, which is a secret, nobody tells the person from it.
Message ReminderMessage(const Reminder& row, const base::Uuid& person, const base::Uuid& seed,
                        absl::Time now);
// A change notice. Likewise by template, event and person.
Message NoticeMessage(const Notice& notice, int template_version, const base::Uuid& seed,
                      absl::Time now);

// The organization that it is about; nullopt = none is known.
std::optional<base::Uuid> OrganizationOf(const Message& message);

// What events say of it.
v1::MessageFacts FactsOf(const Message& message);

}  // namespace ieum::notify
