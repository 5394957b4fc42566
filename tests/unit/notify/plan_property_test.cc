// Goal: laws of the plan that hold for every year. Method: random sequences of events of a few
// visits and of steps of the clock, over the scenario's rules.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "platform/base/korea_time.h"
#include "tests/unit/notify/paper_plan.h"
#include "tests/unit/notify/scenario_rules.h"

namespace ieum::notify::testing {
namespace {

struct Happening {
  int kind;   // 0 plan, 1 move, 2 cancel, 3 held, 4 minutes, 5 time passes
  int visit;  // one of three
  int day;    // of the visit, days after 1 April
  int hours;  // that pass before it
};

rc::Gen<Happening> AnyHappening() {
  return rc::gen::apply(
      [](int kind, int visit, int day, int hours) {
        return Happening{kind, visit, day, hours};
      },
      rc::gen::inRange(0, 6), rc::gen::inRange(0, 3), rc::gen::inRange(0, 30),
      rc::gen::inRange(0, 60));
}

std::string VisitId(int visit) {
  return absl::StrCat("018c0000-0000-7000-8000-0000000000a", visit);
}

std::string DayText(int day) { return base::FormatDay(absl::CivilDay(2023, 4, 1) + day); }

void Happen(const Happening& happening, absl::Time now, PaperPlan* plan) {
  const std::string visit = VisitId(happening.visit), day = DayText(happening.day);
  switch (happening.kind) {
    case 0:
      plan->Take(VisitPlanned(day, visit), now);
      break;
    case 1:
      plan->Take(VisitMoved(day, day, visit), now);
      break;
    case 2:
      plan->Take(VisitCancelled(day, visit), now);
      break;
    case 3:
      plan->Take(VisitHeld(day, false, visit), now);
      break;
    case 4:
      plan->Take(MinutesRecorded(day, visit), now);
      break;
    default:
      break;
  }
}

void CheckOnePendingRowEach(const PaperPlan& plan) {
  std::set<std::pair<std::string, std::string>> pending;
  for (const Reminder& row : plan.rows()) {
    if (row.pending()) RC_ASSERT(pending.emplace(row.rule_code, row.subject_id).second);
  }
}

void CheckOccurrences(const PaperPlan& plan) {
  std::map<std::pair<std::string, std::string>, std::set<int>> seen;
  for (const Reminder& row : plan.rows()) {
    const auto subject = std::pair(row.rule_code, row.subject_id);
    RC_ASSERT(seen[subject].insert(row.occurrence).second);
  }
  for (const auto& [subject, occurrences] : seen) {
    RC_ASSERT(*occurrences.rbegin() == static_cast<int>(occurrences.size()));
  }
}

// A notice only to who was told; never two for one move, template and person.
void CheckNotices(const PaperPlan& plan) {
  std::set<std::tuple<std::string, base::Uuid, base::Uuid>> sent;
  for (const Notice& notice : plan.notices()) {
    RC_ASSERT(notice.row.released());
    RC_ASSERT(sent.emplace(notice.template_code, notice.event_id, notice.person).second);
  }
}

// row:X8
RC_GTEST_PROP(Plan, BalancesAndNeverChangesWhatIsFinal, ()) {
  PaperPlan plan(RulesInForce(At("2023-01-02 08:00")));
  absl::Time now = At("2023-03-25 10:00");
  std::map<base::Uuid, Reminder> final_rows;
  for (const Happening& happening : *rc::gen::container<std::vector<Happening>>(AnyHappening())) {
    now += absl::Hours(happening.hours);
    plan.SetClock(now);
    Happen(happening, now, &plan);
    plan.SetClock(now);
    for (const Reminder& row : plan.rows()) {
      if (row.pending()) continue;
      const Reminder& known = final_rows.emplace(row.id, row).first->second;
      RC_ASSERT(known.state == row.state);
      RC_ASSERT(known.due_at == row.due_at);
      RC_ASSERT(known.persons == row.persons);
      RC_ASSERT(known.facts == row.facts);
    }
    CheckOnePendingRowEach(plan);
  }
  CheckOccurrences(plan);
  CheckNotices(plan);
  int messages = 0;
  for (const Reminder& row : plan.rows()) messages += row.message_count;
  RC_ASSERT(messages == plan.reminder_messages());
}

// Events of one visit that were not released in between end in the same plan in whatever order they
// arrive.
RC_GTEST_PROP(Plan, DependsOnTheSetOfEventsNotOnTheirArrival, ()) {
  auto happenings = *rc::gen::container<std::vector<Happening>>(AnyHappening());
  std::vector<std::pair<Happening, absl::Time>> timed = {{{0, 0, 29, 0}, At("2023-02-01 10:00")}};
  absl::Time now = timed[0].second;
  for (Happening& happening : happenings) {
    if (happening.kind != 1 && happening.kind != 2) continue;
    now += absl::Minutes(1 + happening.hours);
    happening.visit = 0;
    timed.emplace_back(happening, now);
  }
  const auto rules = RulesInForce(At("2023-01-02 08:00"), {"VISIT-D-3"});
  PaperPlan in_order(rules), backwards(rules);
  for (const auto& [happening, at] : timed) Happen(happening, at, &in_order);
  // The events of one aggregate keep their order; only the plan's own comes last here, as it may
  // when it is another aggregate's.
  for (size_t i = timed.size(); i-- > 0;) Happen(timed[i].first, timed[i].second, &backwards);
  RC_ASSERT(in_order.Tell("VISIT-D-3", VisitId(0)) == backwards.Tell("VISIT-D-3", VisitId(0)));
}

}  // namespace
}  // namespace ieum::notify::testing
