#include "tests/unit/notify/paper_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "platform/base/korea_time.h"

namespace ieum::notify::testing {

PaperPlan::PaperPlan(std::vector<Rule> rules) : rules_(std::move(rules)) {
  for (const Rule& rule : rules_) {
    state_.template_versions[TemplateCode(rule.terms.template_())] = 1;
    state_.template_versions[TemplateCode(rule.terms.change_notice_template())] = 1;
  }
}

PlanDecision PaperPlan::Take(const google::protobuf::Message& event, absl::Time at) {
  return Take(event, at, base::Uuid::Derive(base::Uuid(), absl::StrCat("event ", ++events_)));
}

PlanDecision PaperPlan::Take(const google::protobuf::Message& event, absl::Time at,
                             const base::Uuid& id) {
  return Take(event, at, id, {"casemgmt", 0, ++events_});
}

PlanDecision PaperPlan::Take(const google::protobuf::Message& event, absl::Time at,
                             const base::Uuid& id, const LedgerPlace& place) {
  auto decision = DecidePlan(rules_, {id, at, "", &event, place}, state_);
  EXPECT_TRUE(decision.ok()) << decision.status();
  if (!decision.ok()) return {};
  for (const PlanStep& step : decision->steps) Store(step.row);
  for (const Notice& notice : decision->notices) notices_.push_back(notice);
  for (const Occasion& used : decision->used) {
    std::erase_if(state_.kept, [&](const Occasion& kept) {
      return kept.event_id == used.event_id && kept.rule_code == used.rule_code;
    });
  }
  for (const Occasion& kept : decision->kept) state_.kept.push_back(kept);
  return *std::move(decision);
}

void PaperPlan::Store(const Reminder& row) {
  for (Reminder& known : state_.rows) {
    if (known.id != row.id) continue;
    // What the database enforces: only a pending row may change.
    EXPECT_TRUE(known.pending()) << row.rule_code << " " << row.occurrence;
    known = row;
    return;
  }
  state_.rows.push_back(row);
}

void PaperPlan::SetClock(absl::Time now) {
  for (Reminder& row : state_.rows) {
    switch (DecideRelease(row, now)) {
      case Release::kNotDue:
        break;
      case Release::kRelease:
        row.state = v1::REMINDER_STATE_RELEASED;
        row.released_at = now;
        row.message_count = static_cast<int>(row.persons.size());
        reminder_messages_ += row.message_count;
        break;
      case Release::kExpired:
        row.state = v1::REMINDER_STATE_SKIPPED;
        row.skip_reason = v1::SKIP_REASON_EXPIRED;
        break;
    }
  }
}

std::string PaperPlan::Tell(const std::string& rule, const std::string& subject) const {
  std::vector<Reminder> rows;
  for (const Reminder& row : state_.rows) {
    if (row.rule_code == rule && row.subject_id == subject) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [](const Reminder& a, const Reminder& b) { return a.occurrence < b.occurrence; });
  std::vector<std::string> told;
  for (const Reminder& row : rows) {
    told.push_back(absl::StrCat(base::FormatDay(DueDay(row)), " ",
                                v1::ReminderState_Name(row.state).substr(15)));
  }
  return absl::StrJoin(told, ", ");
}

}  // namespace ieum::notify::testing
