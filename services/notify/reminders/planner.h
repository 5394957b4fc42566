// The working of plan.h: applies occasions, one after the other, to the rows of the plan. Pure;
// used once for one event.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/notify/reminders/occasion.h"
#include "services/notify/reminders/plan.h"
#include "services/notify/reminders/reminder.h"

namespace ieum::notify {

class Planner {
 public:
  explicit Planner(const PlanState& state) : state_(state), rows_(state.rows) {}

  // The last occurrence of a rule for a subject; nullptr when nothing was planned.
  const Reminder* Last(const std::string& rule_code, const std::string& subject_id);
  void Apply(const Rule& rule, const Occasion& occasion);
  PlanDecision Decision() &&;

 private:
  Reminder* Find(const std::string& rule_code, const std::string& subject_id);
  void Trigger(const Rule& rule, const Occasion& occasion);
  void Open(const Rule& rule, const Occasion& occasion, int occurrence);
  void Move(const Rule& rule, const Occasion& occasion, Reminder* last);
  void Redate(const Rule& rule, const Occasion& occasion, Reminder* row);
  void Cancel(const Occasion& occasion, Reminder* last);
  // Released rows of this rule and subject say what is not so any more.
  void Silence(const Reminder& last);
  void ApplyKept(const Rule& rule, const Occasion& trigger);
  // Skips the row when it is too late or for nobody.
  void SkipIfNeeded(const Rule& rule, const Occasion& occasion, Reminder* row);
  void Step(PlanStep::Kind kind, const Reminder& row, const Occasion& occasion,
            absl::CivilDay previous_due = absl::CivilDay());
  void NoticeMove(const Occasion& occasion, const Reminder& last);
  // Recipients of a released row whom its message may have reached.
  std::vector<base::Uuid> Reached(const Reminder& row) const;
  void AddNotices();

  // A move of a subject whose rule sends notices.
  struct Moved {
    std::string template_code;
    Occasion occasion;
    std::string rule_code;
    std::optional<absl::CivilDay> previous;
  };

  const PlanState& state_;
  std::vector<Reminder> rows_;
  std::vector<Moved> moved_;
  PlanDecision decision_;
};

}  // namespace ieum::notify
