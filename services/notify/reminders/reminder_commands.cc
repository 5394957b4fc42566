#include "services/notify/reminders/reminder_commands.h"

#include <set>

#include "ieum/notify/v1/events.pb.h"
#include "platform/base/failpoint.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/message_store.h"
#include "services/notify/reminders/plan.h"
#include "services/notify/reminders/reminder_store.h"
#include "services/notify/rules/rule_store.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {
namespace {

constexpr char kKind[] = "reminder";

std::string Today(const ledger::UnitOfWork& work) {
  return base::FormatDay(base::KoreaDay(work.now()));
}

// Newest versions of every template that the rules name.
std::map<std::string, int> TemplateVersionsFor(db::Tx& tx, const std::vector<Rule>& rules) {
  std::set<std::string> codes;
  for (const Rule& rule : rules) {
    codes.insert(TemplateCode(rule.terms.template_()));
    codes.insert(TemplateCode(rule.terms.change_notice_template()));
  }
  return NewestTemplateVersions(tx, {codes.begin(), codes.end()});
}

std::vector<base::Uuid> ReleasedRows(const std::vector<Reminder>& rows) {
  std::vector<base::Uuid> released;
  for (const Reminder& row : rows) {
    if (row.released()) released.push_back(row.id);
  }
  return released;
}

std::vector<Message> MessagesOf(const std::vector<base::Uuid>& rows,
                                const std::vector<Message>& messages) {
  const std::set<base::Uuid> wanted(rows.begin(), rows.end());
  std::vector<Message> found;
  for (const Message& message : messages) {
    if (wanted.contains(message.reminder_id)) found.push_back(message);
  }
  return found;
}

template <class Event>
Event EventOf(const ledger::UnitOfWork& work, const Reminder& row) {
  Event event;
  *event.mutable_reminder() = FactsOf(row);
  event.set_event_date(Today(work));
  return event;
}

void AppendStep(ledger::UnitOfWork& work, const PlanStep& step) {
  const std::string name = ReminderName(step.row.id);
  switch (step.kind) {
    case PlanStep::Kind::kPlanned:
      work.Append(step.row.id, kKind, name, EventOf<v1::ReminderPlanned>(work, step.row));
      return;
    case PlanStep::Kind::kMoved: {
      auto event = EventOf<v1::ReminderMoved>(work, step.row);
      event.set_previous_due_date(base::FormatDay(step.previous_due));
      work.Append(step.row.id, kKind, name, event);
      return;
    }
    case PlanStep::Kind::kRefreshed:
      return;
    case PlanStep::Kind::kSkipped: {
      auto event = EventOf<v1::ReminderSkipped>(work, step.row);
      event.set_reason(step.row.skip_reason);
      work.Append(step.row.id, kKind, name, event);
      return;
    }
    case PlanStep::Kind::kCancelled: {
      auto event = EventOf<v1::ReminderCancelled>(work, step.row);
      event.set_cancelling_event_id(step.event_id.ToString());
      work.Append(step.row.id, kKind, name, event);
      return;
    }
  }
}

// Only what a row is after the last step is kept.
void WriteRows(ledger::UnitOfWork& work, const PlanDecision& decision) {
  std::map<base::Uuid, Reminder> rows;
  for (const PlanStep& step : decision.steps) rows[step.row.id] = step.row;
  for (auto& [id, row] : rows) {
    if (work.Version(id) == 0) row.created_at = work.now();
    row.updated_at = work.now();
    SaveReminder(work.tx(), row);
  }
}

void WriteNotices(ledger::UnitOfWork& work, const PlanDecision& decision,
                  const std::map<std::string, int>& template_versions) {
  for (const Notice& notice : decision.notices) {
    const auto version = template_versions.find(notice.template_code);
    if (version == template_versions.end() || !OweNotice(work.tx(), notice)) continue;
    InsertMessage(work.tx(), NoticeMessage(notice, version->second, work.now()));
  }
}

void Write(ledger::UnitOfWork& work, const PlanDecision& decision, const PlanState& state,
           const IncomingEvent& event, const std::vector<Message>& silenced) {
  WriteRows(work, decision);
  for (const PlanStep& step : decision.steps) AppendStep(work, step);
  WriteNotices(work, decision, state.template_versions);
  for (const Message& message : silenced) CancelMessage(work, message, event.id);
  for (const Occasion& kept : decision.kept) KeepOccasion(work.tx(), kept);
  for (const Occasion& used : decision.used) DropOccasion(work.tx(), used);
}

}  // namespace

absl::Status PlanFromEvent(ledger::UnitOfWork& work, const IncomingEvent& event) {
  db::Tx& tx = work.tx();
  const std::vector<Rule> rules = RulesListeningTo(tx, event.message->GetDescriptor()->full_name());
  const std::vector<std::string> subjects = SubjectsOf(rules, event);
  if (subjects.empty()) return absl::OkStatus();

  // The rows to lock are only known from the plan, and the plan of a subject is changed by one
  // transaction at a time; so the subject is what is locked first.
  LockSubjects(tx, subjects);
  PlanState state;
  state.rows = RemindersOf(tx, subjects);
  state.kept = KeptOccasions(tx, subjects);
  state.template_versions = TemplateVersionsFor(tx, rules);
  // Before the decision, which asks who has been told: nobody is told until we commit.
  const std::vector<base::Uuid> released = ReleasedRows(state.rows);
  const std::vector<Message> unsent = LockUnsentMessages(tx, released);
  state.untold = UntoldRecipients(tx, released);
  ASSIGN_OR_RETURN(const PlanDecision decision, DecidePlan(rules, event, state));
  const std::vector<Message> silenced = MessagesOf(decision.silenced, unsent);
  std::vector<base::Uuid> ids;
  for (const PlanStep& step : decision.steps) ids.push_back(step.row.id);
  for (const Message& message : silenced) ids.push_back(message.id);
  work.Lock(ids);
  Write(work, decision, state, event, silenced);
  return absl::OkStatus();
}

namespace {

void ReleaseRow(ledger::UnitOfWork& work, Reminder row) {
  row.state = v1::REMINDER_STATE_RELEASED;
  row.released_at = work.now();
  row.updated_at = work.now();
  row.message_count = static_cast<int>(row.persons.size());
  SaveReminder(work.tx(), row);
  for (const base::Uuid& person : row.persons) {
    InsertMessage(work.tx(), ReminderMessage(row, person, work.now()));
  }
  auto event = EventOf<v1::ReminderReleased>(work, row);
  event.set_message_count(row.message_count);
  work.Append(row.id, kKind, ReminderName(row.id), event);
}

void ExpireRow(ledger::UnitOfWork& work, Reminder row) {
  row.state = v1::REMINDER_STATE_SKIPPED;
  row.skip_reason = v1::SKIP_REASON_EXPIRED;
  row.updated_at = work.now();
  SaveReminder(work.tx(), row);
  AppendStep(work, {PlanStep::Kind::kSkipped, row});
}

absl::Status SettleDue(ledger::UnitOfWork& work, const Reminder& row) {
  work.Lock({row.id});
  switch (DecideRelease(row, work.now())) {
    case Release::kNotDue:
      break;
    case Release::kRelease:
      ReleaseRow(work, row);
      break;
    case Release::kExpired:
      ExpireRow(work, row);
      break;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<bool> ReleaseNextReminder(ledger::Ledger& ledger, absl::Time now) {
  bool found = false;
  std::vector<ledger::PendingEvent> appended;
  RETURN_IF_ERROR(ledger.database().Write("reminder_release", [&](db::Tx& tx) -> absl::Status {
    appended.clear();
    const auto due = FindDueReminder(tx, now);
    found = due.has_value();
    if (!found) return absl::OkStatus();
    LockSubjects(tx, {due->subject_id});
    const auto row = FindReminder(tx, due->id);  // as it is now that nobody else changes it
    if (!row) return absl::OkStatus();
    IEUM_FAILPOINT("reminder.before_release");
    ledger::Caller caller;
    caller.actor = kActor;
    caller.correlation_id = due->correlation_id;
    caller.causation_id = due->cause_event_id.ToString();
    return ledger.RunWithin(
        tx, std::move(caller), base::Uuid::Derive(due->id, "release"),
        [&](ledger::UnitOfWork& work) { return SettleDue(work, *row); }, &appended);
  }));
  if (found) IEUM_FAILPOINT("reminder.after_release");
  if (!appended.empty()) ledger.Committed();
  return found;
}

}  // namespace ieum::notify
