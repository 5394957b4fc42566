// A row of the plan: one rule, one subject, one occurrence. PENDING until it is RELEASED, SKIPPED
// or CANCELLED; these three are final.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "ieum/notify/v1/events.pb.h"
#include "ieum/notify/v1/types.pb.h"
#include "platform/base/uuid.h"
#include "services/notify/events/event_fields.h"

namespace ieum::notify {

struct Reminder {
  base::Uuid id;
  std::string rule_code;
  int rule_version = 0;  // pinned at planning
  std::string subject_id;
  int occurrence = 1;
  v1::ReminderState state = v1::REMINDER_STATE_PENDING;
  v1::SkipReason skip_reason = v1::SKIP_REASON_UNSPECIFIED;
  std::vector<base::Uuid> persons;  // recipients, each once
  std::string template_code;
  int template_version = 0;     // pinned at planning
  std::string notice_template;  // code; empty = a move sends no notice
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::LawClass law_class = v1::LAW_CLASS_UNSPECIFIED;
  std::optional<absl::CivilDay> anchor;  // nullopt = due at once
  absl::Time due_at;
  absl::Time expires_at;       // the end of its useful time
  absl::Time opened_at;        // business time of the event that planned it
  base::Uuid cause_event_id;   // planned or last moved it
  absl::Time cause_at;         // business time of that event
  std::string correlation_id;  // of that event
  Facts facts;                 // of its events, a later one over an earlier
  int message_count = 0;       // messages made at release
  std::optional<absl::Time> released_at;
  absl::Time created_at;  // business time of recording
  absl::Time updated_at;

  bool pending() const { return state == v1::REMINDER_STATE_PENDING; }
  bool released() const { return state == v1::REMINDER_STATE_RELEASED; }
};

// The same rule, subject and occurrence give the same id.
base::Uuid ReminderId(const std::string& rule_code, const std::string& subject_id, int occurrence);
// "reminders/{uuid}".
std::string ReminderName(const base::Uuid& id);
// The Korean day on which it is due; it counts in the balance of this day.
absl::CivilDay DueDay(const Reminder& reminder);

// What events say of it.
v1::ReminderFacts FactsOf(const Reminder& reminder);

// What becomes of a row whose instant has come, seen at `now`.
enum class Release { kNotDue, kRelease, kExpired };
Release DecideRelease(const Reminder& reminder, absl::Time now);

}  // namespace ieum::notify
