// Notify's plan against the events that it must come from. Each event is read again by notify's own
// rules of what it asks for; what the plan must then be, in whatever order the events were heard,
// is compared with its rows:
//
//   * a subject that a trigger names has a row, and no row is there that nothing asked for;
//   * a row's dates and people are those of the event that it names as its cause;
//   * no event behind that one asks for something else: another date, or none.
//
// When rows are released depends on the clock, and is not replayed; what a released row must have
// brought about is (INV7's accounts).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/notify/rules/rule.h"
#include "tools/audit/subject.h"
#include "tools/audit/tally.h"

namespace ieum::audit {

// What an event asks of one rule and subject.
struct Asked {
  notify::Role role = notify::Role::kTrigger;
  int version = 0;        // of the rule, by which the event was read
  bool in_force = false;  // at the event's time
  absl::Time at;          // business time
  std::optional<absl::CivilDay> anchor;
  std::vector<base::Uuid> persons;  // sorted
  base::Uuid event_id;
  // Where it stands.
  std::string producer;
  int shard = 0;
  int64_t pos = 0;
  base::Uuid aggregate;
};

struct PlanRow {
  base::Uuid id;
  int version = 0;  // of the rule
  int occurrence = 0;
  int state = 0;                    // ieum.notify.v1.ReminderState
  std::vector<base::Uuid> persons;  // sorted
  std::optional<absl::CivilDay> anchor;
  absl::CivilDay due_day;
  absl::Time due_at, expires_at, opened_at, cause_at;
  base::Uuid cause;
};

// One rule and one subject. `rows` by occurrence.
struct PlanStory {
  std::string rule;
  std::string subject;
  std::map<int, notify::Rule> versions;
  std::vector<Asked> asked;
  std::vector<PlanRow> rows;
};

// The event that asks for a row where there is none, if any.
const Asked* Unanswered(const PlanStory& story);
// Pure. Not about stories without rows.
void JudgeRows(const PlanStory& story, Tally& tally);

// At rest only.
absl::Status ReplayPlan(Subject& subject, const Service& notify, Tally& tally);

}  // namespace ieum::audit
