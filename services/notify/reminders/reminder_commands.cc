#include "services/notify/reminders/reminder_commands.h"

#include <set>

#include "ieum/notify/v1/events.pb.h"
#include "platform/base/failpoint.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/telemetry/span.h"
#include "services/notify/messages/message.h"
#include "services/notify/messages/message_commands.h"
#include "services/notify/messages/message_store.h"
#include "services/notify/messages/trace_store.h"
#include "services/notify/reminders/plan.h"
#include "services/notify/reminders/reminder_store.h"
#include "services/notify/templates/template_store.h"

namespace ieum::notify {
namespace {

constexpr char kKind[] = "reminder";
constexpr int kReleasedAtOnce = 64;  // rows of one transaction

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

std::string TypeOf(const IncomingEvent& event) {
  return event.message->GetDescriptor()->full_name();
}

std::vector<Rule> RulesFor(const IncomingEvent& event, const ListeningRules& listening) {
  const auto found = listening.find(TypeOf(event));
  return found == listening.end() ? std::vector<Rule>() : found->second;
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
    const base::Uuid seed = MessageSeed(work.tx());
    InsertMessages(work.tx(), {NoticeMessage(notice, version->second, seed, work.now())});
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

// Each message once.
void AddUnsentTo(db::Tx& tx, const base::Uuid& person, std::vector<Message>* messages) {
  for (Message& unsent : LockUnsentTo(tx, person)) {
    const bool known = std::any_of(messages->begin(), messages->end(),
                                   [&](const Message& each) { return each.id == unsent.id; });
    if (!known) messages->push_back(std::move(unsent));
  }
}

}  // namespace

absl::Status PlanFromEvent(ledger::UnitOfWork& work, RuleShelf& shelf, const IncomingEvent& event,
                           const std::optional<base::Uuid>& erased) {
  db::Tx& tx = work.tx();
  const std::vector<Rule> rules = RulesFor(event, shelf.ListeningTo(tx, {TypeOf(event)}));
  const std::vector<std::string> subjects = SubjectsOf(rules, event);
  if (subjects.empty() && !erased) return absl::OkStatus();

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
  std::vector<Message> silenced = MessagesOf(decision.silenced, unsent);
  if (erased) AddUnsentTo(tx, *erased, &silenced);
  std::vector<base::Uuid> ids;
  for (const PlanStep& step : decision.steps) ids.push_back(step.row.id);
  for (const Message& message : silenced) ids.push_back(message.id);
  work.Lock(ids);
  Write(work, decision, state, event, silenced);
  return absl::OkStatus();
}

std::vector<bool> LockConcerned(db::Tx& tx, RuleShelf& shelf,
                                const std::vector<IncomingEvent>& events) {
  std::set<std::string> types, subjects;
  for (const IncomingEvent& event : events) types.insert(TypeOf(event));
  const ListeningRules listening = shelf.ListeningTo(tx, {types.begin(), types.end()});
  std::vector<bool> concerned;
  for (const IncomingEvent& event : events) {
    const std::vector<std::string> found = SubjectsOf(RulesFor(event, listening), event);
    concerned.push_back(!found.empty());
    subjects.insert(found.begin(), found.end());
  }
  LockSubjects(tx, {subjects.begin(), subjects.end()});
  return concerned;
}

namespace {

Reminder Released(Reminder row, absl::Time now) {
  row.state = v1::REMINDER_STATE_RELEASED;
  row.released_at = now;
  row.message_count = static_cast<int>(row.persons.size());
  return row;
}

Reminder Expired(Reminder row) {
  row.state = v1::REMINDER_STATE_SKIPPED;
  row.skip_reason = v1::SKIP_REASON_EXPIRED;
  return row;
}

// The rows as they are settled; those that are not due any more are left out.
std::vector<Reminder> SettledRows(std::vector<Reminder> rows, absl::Time now) {
  std::vector<Reminder> settled;
  for (Reminder& row : rows) {
    const Release release = DecideRelease(row, now);
    if (release == Release::kNotDue) continue;
    settled.push_back(release == Release::kRelease ? Released(std::move(row), now)
                                                   : Expired(std::move(row)));
    settled.back().updated_at = now;
  }
  return settled;
}

void WriteSettled(db::Tx& tx, const std::vector<Reminder>& settled, absl::Time now) {
  SaveSettled(tx, settled);
  const base::Uuid seed = MessageSeed(tx);
  std::vector<Message> messages;
  for (const Reminder& row : settled) {
    if (!row.released()) continue;
    for (const base::Uuid& person : row.persons) {
      messages.push_back(ReminderMessage(row, person, seed, now));
    }
  }
  InsertMessages(tx, messages);
}

void AppendSettled(ledger::UnitOfWork& work, const Reminder& row) {
  work.Lock({row.id});
  if (!row.released()) return AppendStep(work, {PlanStep::Kind::kSkipped, row});
  auto event = EventOf<v1::ReminderReleased>(work, row);
  event.set_message_count(row.message_count);
  work.Append(row.id, kKind, ReminderName(row.id), event);
}

// Each event belongs to the process that its row belongs to: a unit of work for each.
std::vector<ledger::Part> TellingOf(const std::vector<Reminder>& settled,
                                    const std::vector<std::string>& traces) {
  std::vector<ledger::Part> parts;
  for (size_t at = 0; at < settled.size(); ++at) {
    const Reminder& row = settled[at];
    ledger::Caller caller;
    caller.actor = kActor;
    caller.correlation_id = row.correlation_id;
    caller.causation_id = row.cause_event_id.ToString();
    if (!traces.empty()) caller.traceparent = traces[at];
    parts.push_back({std::move(caller), base::Uuid::Derive(row.id, "release"),
                     [&row](ledger::UnitOfWork& work) {
                       AppendSettled(work, row);
                       return absl::OkStatus();
                     }});
  }
  return parts;
}

// In the traces in which they were planned; nothing while nothing is traced.
std::vector<std::string> TracesOfRows(db::Tx& tx, const std::vector<Reminder>& rows) {
  if (!telemetry::Tracing()) return {};
  std::vector<Origin> origins;
  for (const Reminder& row : rows) origins.push_back({row.id, row.cause_event_id});
  return TracesOf(tx, origins);
}

// The due rows whose subjects are ours now, as they are when nobody else changes them.
std::vector<Reminder> LockDue(db::Tx& tx, const std::vector<DueReminder>& due) {
  std::vector<std::string> subjects;
  for (const DueReminder& row : due) subjects.push_back(row.subject_id);
  std::set<std::string> ours = TryLockSubjects(tx, subjects);
  if (ours.empty()) {
    LockSubjects(tx, {subjects.front()});
    ours.insert(subjects.front());
  }
  std::vector<base::Uuid> ids;
  for (const DueReminder& row : due) {
    if (ours.contains(row.subject_id)) ids.push_back(row.id);
  }
  return FindReminders(tx, ids);
}

}  // namespace

absl::StatusOr<bool> ReleaseDueReminders(ledger::Ledger& ledger, absl::Time now) {
  bool found = false, appended = false;
  ASSIGN_OR_RETURN(const absl::Time settled_at, ledger.clock().Now());
  RETURN_IF_ERROR(ledger.database().Write("reminder_release", [&](db::Tx& tx) -> absl::Status {
    appended = false;
    const std::vector<DueReminder> due = FindDueReminders(tx, now, kReleasedAtOnce);
    found = !due.empty();
    if (!found) return absl::OkStatus();
    const std::vector<Reminder> settled = SettledRows(LockDue(tx, due), settled_at);
    IEUM_FAILPOINT("reminder.before_release");
    if (settled.empty()) return absl::OkStatus();
    WriteSettled(tx, settled, settled_at);
    return ledger.RunAllWithin(tx, TellingOf(settled, TracesOfRows(tx, settled)), &appended);
  }));
  if (found) IEUM_FAILPOINT("reminder.after_release");
  if (appended) ledger.Committed();
  return found;
}

}  // namespace ieum::notify
