#include "services/notify/reminders/reminder.h"

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "platform/base/timestamp.h"

namespace ieum::notify {

base::Uuid ReminderId(const std::string& rule_code, const std::string& subject_id, int occurrence) {
  // The subject's own id keeps its time in the reminder's id, where it is one.
  const base::Uuid seed = base::Uuid::Parse(subject_id).value_or(base::Uuid());
  return base::Uuid::Derive(seed,
                            absl::StrCat("reminder/", rule_code, "/", subject_id, "/", occurrence));
}

std::string ReminderName(const base::Uuid& id) { return absl::StrCat("reminders/", id.ToString()); }

absl::CivilDay DueDay(const Reminder& reminder) { return base::KoreaDay(reminder.due_at); }

v1::ReminderFacts FactsOf(const Reminder& reminder) {
  v1::ReminderFacts facts;
  facts.set_reminder_id(reminder.id.ToString());
  facts.set_rule_code(reminder.rule_code);
  facts.set_rule_version(reminder.rule_version);
  facts.set_subject_id(reminder.subject_id);
  facts.set_occurrence(reminder.occurrence);
  facts.set_cause_event_id(reminder.cause_event_id.ToString());
  if (reminder.anchor) facts.set_anchor_date(base::FormatDay(*reminder.anchor));
  facts.set_due_date(base::FormatDay(DueDay(reminder)));
  *facts.mutable_due_time() = base::ToTimestamp(reminder.due_at);
  facts.set_centre_id(CentreOf(reminder.facts));
  return facts;
}

Release DecideRelease(const Reminder& reminder, absl::Time now) {
  if (!reminder.pending() || reminder.due_at > now) return Release::kNotDue;
  return now > reminder.expires_at ? Release::kExpired : Release::kRelease;
}

}  // namespace ieum::notify
