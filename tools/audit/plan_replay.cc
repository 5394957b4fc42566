#include "tools/audit/plan_replay.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ieum/notify/v1/types.pb.h"
#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/base/timestamp.h"
#include "services/notify/reminders/plan.h"
#include "services/notify/reminders/reminder.h"
#include "services/notify/rules/rule_shelf.h"
#include "tools/audit/ledger_reader.h"
#include "tools/audit/replay.h"

namespace ieum::audit {
namespace {

using notify::Role;
using notify::Rule;

void Breach(const PlanStory& story, const PlanRow& row, std::string what, Tally& tally) {
  tally.Breach({.service = "notify",
                .aggregate = row.id.ToString(),
                .what = absl::StrCat("reminder ", row.occurrence, " of rule ", story.rule, " ",
                                     std::move(what))});
}

// A row without an anchor is due at its event's own time, and no other date moves it.
bool Dated(const Rule& rule) { return !rule.terms.timing().anchor_field().empty(); }

// Its event as the version that the row was planned with reads it, or else the one in force.
const Asked* CauseOf(const PlanStory& story, const PlanRow& row) {
  const Asked* found = nullptr;
  for (const Asked& asked : story.asked) {
    if (asked.event_id != row.cause || asked.role == Role::kCancel) continue;
    if (asked.version == row.version) return &asked;
    if (asked.in_force) found = &asked;
  }
  return found;
}

bool OpenedBySomething(const PlanStory& story, const PlanRow& row) {
  const Role opens = row.occurrence == 1 ? Role::kTrigger : Role::kMove;
  return std::any_of(story.asked.begin(), story.asked.end(), [&](const Asked& asked) {
    return asked.role == opens && asked.at == row.opened_at;
  });
}

void JudgeCause(const PlanStory& story, const Rule& rule, const PlanRow& row, Tally& tally) {
  const Asked* cause = CauseOf(story, row);
  if (cause == nullptr || !OpenedBySomething(story, row)) {
    return Breach(story, row, "was planned by no event", tally);
  }
  const absl::Time due = notify::DueInstant(rule.terms.timing(), cause->anchor, cause->at);
  if (row.cause_at != cause->at || row.anchor != cause->anchor || row.due_at != due ||
      row.due_day != base::KoreaDay(due) ||
      row.expires_at != due + absl::Hours(rule.terms.useful_hours())) {
    return Breach(story, row,
                  absl::StrCat("is due at another time than event ", row.cause.ToString(), " asks"),
                  tally);
  }
  if (!cause->persons.empty() && row.persons != cause->persons) {
    Breach(story, row,
           absl::StrCat("is for other people than event ", row.cause.ToString(), " names"), tally);
  }
}

// What must have changed the last row, in whatever order it was heard: an event that is surely
// later than the one that it follows.
const Asked* Overlooked(const PlanStory& story, const Rule& rule, const PlanRow& last) {
  const bool pending = last.state == notify::v1::REMINDER_STATE_PENDING;
  if (last.state == notify::v1::REMINDER_STATE_CANCELLED) return nullptr;
  for (const Asked& asked : story.asked) {
    if (asked.version != last.version || !asked.in_force) continue;
    const bool cancels = asked.role == Role::kCancel;
    const bool dates = Dated(rule) && !cancels && asked.at > last.cause_at;
    if (pending && ((cancels && asked.at > last.opened_at) || dates)) return &asked;
    const bool moves = dates && asked.role == Role::kMove && asked.anchor;
    if (!pending && moves && asked.anchor != last.anchor) return &asked;
  }
  return nullptr;
}

bool CancelledBySomething(const PlanStory& story, const PlanRow& row) {
  return std::any_of(story.asked.begin(), story.asked.end(), [&](const Asked& asked) {
    return asked.at >= row.opened_at && (asked.role == Role::kCancel || !asked.anchor);
  });
}

}  // namespace

const Asked* Unanswered(const PlanStory& story) {
  if (!story.rows.empty()) return nullptr;
  for (const Asked& asked : story.asked) {
    const auto rule = story.versions.find(asked.version);
    if (asked.role != Role::kTrigger || !asked.in_force || rule == story.versions.end()) continue;
    // Nothing to count from: there is nothing to remind of.
    if (asked.anchor || !Dated(rule->second)) return &asked;
  }
  return nullptr;
}

void JudgeRows(const PlanStory& story, Tally& tally) {
  const auto rule = story.versions.find(story.rows.front().version);
  for (size_t i = 0; i < story.rows.size(); ++i) {
    const PlanRow& row = story.rows[i];
    tally.Checked();
    if (row.id != notify::ReminderId(story.rule, story.subject, row.occurrence) ||
        row.occurrence != static_cast<int>(i) + 1 || row.version != story.rows.front().version) {
      Breach(story, row, "is not the next of its subject", tally);
    } else if (rule == story.versions.end()) {
      Breach(story, row, "was planned by no event", tally);
    } else {
      JudgeCause(story, rule->second, row, tally);
    }
  }
  if (rule == story.versions.end()) return;
  const PlanRow& last = story.rows.back();
  if (const Asked* asked = Overlooked(story, rule->second, last)) {
    tally.Breach({asked->producer, asked->shard, asked->pos, asked->event_id.ToString(),
                  asked->aggregate.ToString(),
                  absl::StrCat("asks for something else than reminder ", last.id.ToString(),
                               " of rule ", story.rule, " became")});
  }
  if (last.state == notify::v1::REMINDER_STATE_CANCELLED && !CancelledBySomething(story, last)) {
    Breach(story, last, "was cancelled by no event", tally);
  }
}

namespace {

using PlanKey = std::pair<std::string, std::string>;  // rule and subject

const db::Statement kRows("audit_plan_rows", R"(
  SELECT rule_code, subject_id, id, rule_version, occurrence, state,
         array_to_string(ARRAY(SELECT unnest(persons) ORDER BY 1), ' '), anchor_date, due_date,
         due_at, expires_at, opened_at, cause_at, cause_event_id
  FROM reminder ORDER BY rule_code, subject_id, occurrence)");

// When each rule was put into force, in real time.
const db::Statement kDefined("audit_rules_defined", R"(
  SELECT r.code, min(e.recorded_at) FROM rule r JOIN event_log e ON e.aggregate_id = r.id
  GROUP BY r.code)");

std::vector<base::Uuid> IdsIn(const std::string& text) {
  std::vector<base::Uuid> ids;
  for (size_t at = 0; at + 36 <= text.size(); at += 37) {
    ids.push_back(base::Uuid::Parse(text.substr(at, 36)).value_or(base::Uuid()));
  }
  return ids;
}

PlanRow RowOf(const db::Row& row) {
  PlanRow made;
  made.id = db::AsUuid(row[2]);
  made.version = row[3].as<int>();
  made.occurrence = row[4].as<int>();
  made.state = row[5].as<int>();
  made.persons = IdsIn(db::AsText(row[6]));
  made.anchor = db::AsOptionalDay(row[7]);
  made.due_day = db::AsDay(row[8]);
  made.due_at = db::AsTime(row[9]);
  made.expires_at = db::AsTime(row[10]);
  made.opened_at = db::AsTime(row[11]);
  made.cause_at = db::AsTime(row[12]);
  made.cause = db::AsUuid(row[13]);
  return made;
}

notify::IncomingEvent EventOf(const Service& producer, const Replayed& replayed) {
  const platform::v1::LedgerEvent& envelope = replayed.event;
  notify::IncomingEvent event;
  event.id = base::Uuid::Parse(envelope.event_id()).value_or(base::Uuid());
  event.at = base::InstantOf(envelope.time());
  event.message = &replayed.message;
  event.place = {producer.name, envelope.shard(), envelope.position()};
  return event;
}

class PlanReplay {
 public:
  explicit PlanReplay(const Service& notify) : notify_(notify) {}

  absl::Status ReadPlan();
  absl::Status Event(const Service& producer, const Replayed& replayed);
  absl::Status Judge(const Subject& subject, Tally& tally) const;

 private:
  absl::StatusOr<const std::vector<Rule>*> RulesFor(const std::string& type);
  absl::Status Ask(const Rule& rule, bool in_force, const notify::IncomingEvent& event,
                   const base::Uuid& aggregate);
  // Whether the rule was known before the event was.
  absl::StatusOr<bool> Known(const Subject& subject, const std::string& rule,
                             const Asked& asked) const;

  const Service& notify_;
  notify::RuleShelf shelf_;
  std::map<std::string, std::vector<Rule>> listening_;  // by event type
  std::map<std::string, absl::Time> defined_;           // by code
  std::map<PlanKey, PlanStory> stories_;
};

absl::Status PlanReplay::ReadPlan() {
  return notify_.database->Read("audit_plan_rows", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kRows)) {
      stories_[{db::AsText(row[0]), db::AsText(row[1])}].rows.push_back(RowOf(row));
    }
    for (const auto& row : tx.Exec(kDefined)) defined_[db::AsText(row[0])] = db::AsTime(row[1]);
    return absl::OkStatus();
  });
}

absl::StatusOr<const std::vector<Rule>*> PlanReplay::RulesFor(const std::string& type) {
  const auto [at, fresh] = listening_.try_emplace(type);
  if (fresh) {
    RETURN_IF_ERROR(notify_.database->Read("audit_rules", [&](db::Tx& tx) {
      at->second = shelf_.ListeningTo(tx, {type})[type];
      return absl::OkStatus();
    }));
  }
  return &at->second;
}

absl::Status PlanReplay::Event(const Service& producer, const Replayed& replayed) {
  ASSIGN_OR_RETURN(const std::vector<Rule>* rules, RulesFor(replayed.event.type()));
  const notify::IncomingEvent event = EventOf(producer, replayed);
  const auto aggregate = base::Uuid::Parse(replayed.event.aggregate_id());
  for (size_t from = 0, to = 0; from < rules->size(); from = to) {
    while (to < rules->size() && (*rules)[to].code == (*rules)[from].code) ++to;
    const absl::Span<const Rule> versions(rules->data() + from, to - from);
    const Rule* in_force = notify::InForce(versions, event.at);
    for (const Rule& rule : versions) {
      RETURN_IF_ERROR(Ask(rule, &rule == in_force, event, aggregate.value_or(base::Uuid())));
    }
  }
  return absl::OkStatus();
}

absl::Status PlanReplay::Ask(const Rule& rule, bool in_force, const notify::IncomingEvent& event,
                             const base::Uuid& aggregate) {
  const auto match = notify::MatchOf(rule.terms, *event.message);
  if (!match) return absl::OkStatus();
  ASSIGN_OR_RETURN(notify::Occasion occasion, notify::OccasionOf(rule, *match, event));
  std::sort(occasion.persons.begin(), occasion.persons.end());
  PlanStory& story = stories_[{rule.code, occasion.subject_id}];
  story.versions.emplace(rule.version, rule);
  story.asked.push_back({match->role, rule.version, in_force, event.at, occasion.anchor,
                         std::move(occasion.persons), event.id, event.place.producer,
                         event.place.shard, event.place.pos, aggregate});
  return absl::OkStatus();
}

absl::StatusOr<bool> PlanReplay::Known(const Subject& subject, const std::string& rule,
                                       const Asked& asked) const {
  const auto defined = defined_.find(rule);
  if (defined == defined_.end()) return false;
  ASSIGN_OR_RETURN(const EventKey key,
                   KeyAt(*subject.Find(asked.producer)->database, asked.shard, asked.pos));
  return defined->second < key.recorded_at;
}

absl::Status PlanReplay::Judge(const Subject& subject, Tally& tally) const {
  for (const auto& [key, found] : stories_) {
    if (!found.rows.empty()) {
      PlanStory story = found;
      std::tie(story.rule, story.subject) = key;
      JudgeRows(story, tally);
    } else if (const Asked* asked = Unanswered(found)) {
      tally.Checked();
      ASSIGN_OR_RETURN(const bool known, Known(subject, key.first, *asked));
      if (!known) continue;
      tally.Breach(
          {asked->producer, asked->shard, asked->pos, asked->event_id.ToString(),
           asked->aggregate.ToString(),
           absl::StrCat("asks for a reminder of rule ", key.first, ", and none was planned")});
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReplayPlan(Subject& subject, const Service& notify, Tally& tally) {
  if (!subject.at_rest()) {
    tally.Note("the plan is compared with the events that it comes from at rest only");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Inbox inbox, ReadInbox(*notify.database));
  PlanReplay replay(notify);
  RETURN_IF_ERROR(replay.ReadPlan());
  for (const Service& producer : subject.services()) {
    ASSIGN_OR_RETURN(const LedgerState ledger, ReadLedgerState(*producer.database));
    if (ledger.epoch > 1) {
      tally.Note(absl::StrCat("the plan is not compared with its events: the ledger of ",
                              producer.name, " was restored once"));
      return absl::OkStatus();
    }
    if (producer.name == notify.name) continue;
    for (int shard = 0; shard < base::Uuid::kShards; ++shard) {
      RETURN_IF_ERROR(Replay(producer, shard, inbox, [&](const Replayed& replayed) {
        return replay.Event(producer, replayed);
      }));
    }
  }
  return replay.Judge(subject, tally);
}

}  // namespace ieum::audit
