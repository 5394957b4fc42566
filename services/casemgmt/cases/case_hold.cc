// The days for which the clock of a case stood, and what they move.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {

bool EndHold(Case& c, int days, const base::BusinessCalendar& calendar) {
  if (c.intake_day && !c.reassess_due_day) {
    const auto due = PlanDue(c.pace, *c.intake_day, c.held_days + days, calendar);
    if (!due) return false;
    c.plan_due_day = due;
  }
  if (c.urgent_due_day) *c.urgent_due_day += days;
  if (c.reassess_due_day) *c.reassess_due_day += days;
  if (c.due_day) *c.due_day += days;
  if (c.due_day && c.hold->crisis_due) c.due_day = std::min(*c.due_day, *c.hold->crisis_due);
  const auto plan = c.plan_wanted_day();
  if (c.state == v1::CASE_STATE_PLAN && !c.reassess_due_day && c.due_day && plan) {
    c.due_day = std::min(*c.due_day, *plan);
  }
  c.held_days += days;
  c.hold_ended = c.hold->from + days;
  c.on_hold = false;
  c.hold.reset();
  return true;
}

int DaysHeld(const CaseHold& hold, absl::CivilDay day) {
  return static_cast<int>(std::min(day, hold.until + 1) - hold.from);
}

absl::Status CheckNotHeldBefore(const Case& c, absl::CivilDay from, std::string_view name) {
  if (!c.hold_ended || from >= *c.hold_ended) return absl::OkStatus();
  return base::InvalidField(
      v1::ERROR_REASON_HOLD_OVERLAPS, name,
      absl::StrCat("must be ", base::FormatDay(*c.hold_ended),
                   " or later: the days before it were held already and count once"));
}

}  // namespace ieum::casemgmt
