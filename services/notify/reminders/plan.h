// What an event changes in the plan. Pure: the rules, the event and the rows as they are go in, the
// changes come out. Judged by the business time of the event, never by when it arrives.
//
// * Trigger: opens occurrence 1. Once a subject has a row, another trigger only gives a pending row
//   its new date.
// * Move to another date: a pending row gets the new instant, or is skipped when that has passed;
//   after a released or skipped row the next occurrence is opened in the same way; what was
//   cancelled does not move. A date that goes cancels. A move that keeps the date changes nothing
//   but what is known of the subject.
// * Cancellation: cancels the pending row.
// * A cancellation, and a move to another date, cancel messages of released rows that were not sent
//   yet: what they say is not so any more.
// * A move of what people were told of sends a change notice: one for each template, moving event
//   and person who was told, hung on the row that was released last. Whose message surely never
//   left was not told.
// * An event that was overtaken by a later one of its subject changes nothing. Moves and
//   cancellations of what is not planned yet are kept and applied after the trigger, if they are
//   not older than it, in the order of business time and, at one instant, of the ledger.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "services/notify/reminders/occasion.h"
#include "services/notify/reminders/reminder.h"
#include "services/notify/rules/rule.h"

namespace ieum::notify {

struct PlanStep {
  enum class Kind { kPlanned, kMoved, kRefreshed, kSkipped, kCancelled };
  Kind kind;
  Reminder row;                 // as it is after the step
  absl::CivilDay previous_due;  // of kMoved
  base::Uuid event_id;          // that asked for it
};

// A change notice to one person.
struct Notice {
  std::string template_code;
  Reminder row;  // that it hangs on
  base::Uuid person;
  base::Uuid event_id;
  absl::Time at;  // of the event; it is due then
  std::string correlation_id;
  Facts facts;  // of the row and the event
  std::optional<absl::CivilDay> previous;
  std::optional<absl::CivilDay> anchor;
};

struct PlanDecision {
  std::vector<PlanStep> steps;  // in order
  std::vector<Notice> notices;
  std::vector<base::Uuid> silenced;  // released rows whose unsent messages are cancelled
  std::vector<Occasion> kept;        // of what is not planned yet
  std::vector<Occasion> used;        // kept ones that were applied
};

// The plan as it is, of all subjects that the event could concern.
struct PlanState {
  std::vector<Reminder> rows;
  std::vector<Occasion> kept;
  std::map<std::string, int> template_versions;  // newest, by code
  // Released rows and those of their recipients whose message has not left, and is not on its way.
  std::set<std::pair<base::Uuid, base::Uuid>> untold;
};

// Subjects that the event is about, by any version of the rules, each once and sorted.
std::vector<std::string> SubjectsOf(absl::Span<const Rule> rules, const IncomingEvent& event);

// `rules`: every version of each rule that listens to the event's type, by code and version.
absl::StatusOr<PlanDecision> DecidePlan(absl::Span<const Rule> rules, const IncomingEvent& event,
                                        const PlanState& state);

// The instant of a rule for this date and event: `time_of_day` on `anchor + offset_days`, or the
// event's own time for a rule without an anchor.
absl::Time DueInstant(const v1::Timing& timing, std::optional<absl::CivilDay> anchor,
                      absl::Time event_at);

}  // namespace ieum::notify
