#include "services/notify/reminders/planner.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "platform/base/korea_time.h"

namespace ieum::notify {
namespace {

// Facts of a later event over those of an earlier one.
void Overlay(const Facts& later, Facts* facts) {
  for (const auto& [name, value] : later) (*facts)[name] = value;
}

// Too late to be planned: the instant has passed, or, where late sending is wished, its use.
bool TooLate(const v1::Rule& terms, const Reminder& row, absl::Time at) {
  const bool send_late = terms.catch_up() == v1::CATCH_UP_POLICY_SEND_LATE;
  return at > (send_late ? row.expires_at : row.due_at);
}

void TakeCause(const Occasion& occasion, Reminder* row) {
  row->cause_event_id = occasion.event_id;
  row->cause_at = occasion.at;
  row->correlation_id = occasion.correlation_id;
  Overlay(occasion.facts, &row->facts);
  if (!occasion.persons.empty()) row->persons = occasion.persons;
}

void TakeDate(const v1::Rule& terms, const Occasion& occasion, Reminder* row) {
  row->anchor = occasion.anchor;
  row->due_at = DueInstant(terms.timing(), occasion.anchor, occasion.at);
  row->expires_at = row->due_at + absl::Hours(terms.useful_hours());
}

// A total order that keeps HappenedBefore.
bool OlderThan(const Occasion& a, const Occasion& b) {
  return std::tie(a.at, a.place, a.event_id) < std::tie(b.at, b.place, b.event_id);
}

bool ReleasedBefore(const Reminder* a, const Reminder* b) {
  return std::tie(a->released_at, a->due_at, a->id) < std::tie(b->released_at, b->due_at, b->id);
}

}  // namespace

Reminder* Planner::Find(const std::string& rule_code, const std::string& subject_id) {
  Reminder* last = nullptr;
  for (Reminder& row : rows_) {
    if (row.rule_code != rule_code || row.subject_id != subject_id) continue;
    if (last == nullptr || row.occurrence > last->occurrence) last = &row;
  }
  return last;
}

const Reminder* Planner::Last(const std::string& rule_code, const std::string& subject_id) {
  return Find(rule_code, subject_id);
}

void Planner::Apply(const Rule& rule, const Occasion& occasion) {
  Reminder* last = Find(rule.code, occasion.subject_id);
  if (occasion.role == Role::kTrigger) {
    if (last == nullptr) return Trigger(rule, occasion);
    if (last->pending()) Redate(rule, occasion, last);
    return;
  }
  if (last == nullptr) {
    decision_.kept.push_back(occasion);
  } else if (occasion.role == Role::kMove) {
    Move(rule, occasion, last);
  } else {
    Cancel(occasion, last);
  }
}

void Planner::Trigger(const Rule& rule, const Occasion& occasion) {
  // Nothing to count from: there is nothing to remind of.
  if (!rule.terms.timing().anchor_field().empty() && !occasion.anchor) return;
  Open(rule, occasion, 1);
  ApplyKept(rule, occasion);
}

// What came before its plan, in the order in which it happened.
void Planner::ApplyKept(const Rule& rule, const Occasion& trigger) {
  std::vector<Occasion> later;
  for (const Occasion& kept : state_.kept) {
    if (kept.rule_code != rule.code || kept.subject_id != trigger.subject_id) continue;
    decision_.used.push_back(kept);
    if (!HappenedBefore(kept, trigger)) later.push_back(kept);
  }
  std::sort(later.begin(), later.end(), OlderThan);
  for (const Occasion& kept : later) Apply(rule, kept);
}

void Planner::Open(const Rule& rule, const Occasion& occasion, int occurrence) {
  Reminder row;
  row.id = ReminderId(rule.code, occasion.subject_id, occurrence);
  row.rule_code = rule.code;
  row.rule_version = rule.version;
  row.subject_id = occasion.subject_id;
  row.occurrence = occurrence;
  row.template_code = TemplateCode(rule.terms.template_());
  const auto version = state_.template_versions.find(row.template_code);
  row.template_version = version == state_.template_versions.end() ? 0 : version->second;
  row.notice_template = TemplateCode(rule.terms.change_notice_template());
  row.channel = rule.terms.channels_size() == 0 ? v1::CHANNEL_UNSPECIFIED : rule.terms.channels(0);
  row.law_class = rule.terms.law_class();
  if (const Reminder* before = Find(rule.code, occasion.subject_id)) {
    row.facts = before->facts;
    row.persons = before->persons;
  }
  row.opened_at = occasion.at;
  TakeCause(occasion, &row);
  TakeDate(rule.terms, occasion, &row);
  Step(PlanStep::Kind::kPlanned, row, occasion);
  rows_.push_back(row);
  SkipIfNeeded(rule, occasion, &rows_.back());
}

void Planner::Move(const Rule& rule, const Occasion& occasion, Reminder* last) {
  if (last->state == v1::REMINDER_STATE_CANCELLED || occasion.at < last->cause_at) return;
  if (occasion.anchor && occasion.anchor != last->anchor) {
    NoticeMove(occasion, *last);
    Silence(*last);
  }
  if (last->pending()) return Redate(rule, occasion, last);
  if (!occasion.anchor || occasion.anchor == last->anchor) return;
  Open(rule, occasion, last->occurrence + 1);
}

void Planner::Redate(const Rule& rule, const Occasion& occasion, Reminder* row) {
  if (occasion.at < row->cause_at || rule.terms.timing().anchor_field().empty()) return;
  if (!occasion.anchor) return Cancel(occasion, row);
  const absl::CivilDay previous_due = DueDay(*row);
  const bool moved = occasion.anchor != row->anchor;
  TakeCause(occasion, row);
  if (!moved) return Step(PlanStep::Kind::kRefreshed, *row, occasion);
  TakeDate(rule.terms, occasion, row);
  Step(PlanStep::Kind::kMoved, *row, occasion, previous_due);
  SkipIfNeeded(rule, occasion, row);
}

void Planner::SkipIfNeeded(const Rule& rule, const Occasion& occasion, Reminder* row) {
  if (TooLate(rule.terms, *row, occasion.at)) {
    row->skip_reason = v1::SKIP_REASON_PLANNED_TOO_LATE;
  } else if (row->persons.empty()) {
    row->skip_reason = v1::SKIP_REASON_NO_AUDIENCE;
  } else {
    return;
  }
  row->state = v1::REMINDER_STATE_SKIPPED;
  Step(PlanStep::Kind::kSkipped, *row, occasion);
}

void Planner::Cancel(const Occasion& occasion, Reminder* last) {
  if (occasion.at < last->opened_at) return;
  if (last->pending()) {
    last->state = v1::REMINDER_STATE_CANCELLED;
    Step(PlanStep::Kind::kCancelled, *last, occasion);
  }
  Silence(*last);
}

void Planner::Silence(const Reminder& last) {
  for (const Reminder& row : rows_) {
    const bool same = row.rule_code == last.rule_code && row.subject_id == last.subject_id;
    if (same && row.released()) decision_.silenced.push_back(row.id);
  }
}

void Planner::Step(PlanStep::Kind kind, const Reminder& row, const Occasion& occasion,
                   absl::CivilDay previous_due) {
  decision_.steps.push_back({kind, row, previous_due, occasion.event_id});
}

void Planner::NoticeMove(const Occasion& occasion, const Reminder& last) {
  if (last.notice_template.empty()) return;
  moved_.push_back({last.notice_template, occasion, last.rule_code, last.anchor});
}

std::vector<base::Uuid> Planner::Reached(const Reminder& row) const {
  std::vector<base::Uuid> reached;
  for (const base::Uuid& person : row.persons) {
    if (!state_.untold.contains({row.id, person})) reached.push_back(person);
  }
  return reached;
}

// The rows as they were before the event, and what became of their messages, tell who had been
// told.
void Planner::AddNotices() {
  std::set<std::pair<std::string, std::string>> done;
  for (const Moved& moved : moved_) {
    const std::string& subject = moved.occasion.subject_id;
    if (!done.emplace(moved.template_code, subject).second) continue;
    const Reminder* hook = nullptr;
    std::set<base::Uuid> told;
    for (const Reminder& row : state_.rows) {
      const bool same = row.subject_id == subject && row.notice_template == moved.template_code;
      if (!same || !row.released()) continue;
      const std::vector<base::Uuid> reached = Reached(row);
      if (reached.empty()) continue;
      told.insert(reached.begin(), reached.end());
      if (hook == nullptr || ReleasedBefore(hook, &row)) hook = &row;
    }
    if (hook == nullptr) continue;
    Facts facts = hook->facts;
    Overlay(moved.occasion.facts, &facts);
    for (const base::Uuid& person : told) {
      decision_.notices.push_back({moved.template_code, *hook, person, moved.occasion.event_id,
                                   moved.occasion.at, moved.occasion.correlation_id, facts,
                                   moved.previous, moved.occasion.anchor});
    }
  }
}

PlanDecision Planner::Decision() && {
  AddNotices();
  return std::move(decision_);
}

}  // namespace ieum::notify
