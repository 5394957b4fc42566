// The days for which the clock of a case stood, and what they move.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "ieum/casemgmt/v1/errors.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/casemgmt/cases/case.h"

namespace ieum::casemgmt {
namespace {

// Until when somebody is to be spoken with first: of a period in business days a held weekend or
// holiday takes nothing away.
std::optional<absl::CivilDay> ContactDueBehind(const Case& c, int days,
                                               const base::BusinessCalendar& calendar) {
  int held = 0;
  for (absl::CivilDay day = c.hold->from; day < c.hold->from + days; ++day) {
    const auto counts = calendar.IsBusinessDay(day);
    if (!counts) return std::nullopt;
    if (*counts) ++held;
  }
  return calendar.Plus(*c.due_day, held);
}

// Holds that follow each other are one. Of one that a program of before ended only the end is
// known: the days of the next one alone are.
void KeepHeldDays(Case& c, int days) {
  const bool follows = c.hold_began && c.hold_ended && c.hold->from <= *c.hold_ended;
  if (!follows) c.hold_began = c.hold->from;
  c.hold_ended = c.hold->from + days;
  c.held_days += days;
}

}  // namespace

bool EndHold(Case& c, int days, const base::BusinessCalendar& calendar) {
  const bool by_business_days =
      c.state == v1::CASE_STATE_REFERRED && c.due_day && c.risk_level != v1::RISK_LEVEL_CRISIS;
  auto due = c.due_day;
  if (due) due = by_business_days ? ContactDueBehind(c, days, calendar) : *due + days;
  if (c.due_day && !due) return false;
  if (c.intake_day && !c.reassess_due_day) {
    const auto by_law = PlanDue(c.pace, *c.intake_day, c.held_days + days, calendar);
    if (!by_law) return false;
    c.plan_due_day = by_law;
  }
  if (c.urgent_due_day) *c.urgent_due_day += days;
  if (c.reassess_due_day) *c.reassess_due_day += days;
  c.due_day = due;
  if (c.due_day && c.hold->crisis_due) c.due_day = std::min(*c.due_day, *c.hold->crisis_due);
  const auto plan = c.plan_wanted_day();
  if (c.state == v1::CASE_STATE_PLAN && !c.reassess_due_day && c.due_day && plan) {
    c.due_day = std::min(*c.due_day, *plan);
  }
  KeepHeldDays(c, days);
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

absl::Status CheckNothingDoneSince(const Case& c, std::optional<absl::CivilDay> last_session,
                                   absl::CivilDay from, std::string_view name) {
  const auto last = std::max(c.last_act_day, last_session);  // none is before every day
  if (!last || from >= *last) return absl::OkStatus();
  return base::InvalidField(
      v1::ERROR_REASON_HOLD_BEFORE_ACT, name,
      absl::StrCat("must be ", base::FormatDay(*last),
                   " or later: on that day she was seen, or something was done that waits while a "
                   "case is held"));
}

int HeldSince(const Case& c, absl::CivilDay day) {
  if (!c.hold_began || !c.hold_ended) return 0;
  return std::max<int>(0, *c.hold_ended - std::max(day, *c.hold_began));
}

}  // namespace ieum::casemgmt
