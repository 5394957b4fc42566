#include "services/notify/reminders/reminder_store.h"

#include "services/notify/json_facts.h"

namespace ieum::notify {
namespace {

#define REMINDER_COLUMNS                                                                      \
  "r.id, r.rule_code, r.rule_version, r.subject_id, r.occurrence, r.state, r.skip_reason, "   \
  "array_to_string(r.persons, ' '), r.template_code, r.template_version, r.notice_template, " \
  "r.channel, r.law_class, r.anchor_date, r.due_at, r.expires_at, r.opened_at, "              \
  "r.cause_event_id, r.cause_at, r.correlation_id, r.facts, r.message_count, r.released_at, " \
  "r.created_at, r.updated_at"
constexpr int kVersionColumn = 25;

Reminder ReminderFrom(const db::Row& row) {
  Reminder reminder;
  reminder.id = db::AsUuid(row[0]);
  reminder.rule_code = db::AsText(row[1]);
  reminder.rule_version = row[2].as<int>();
  reminder.subject_id = db::AsText(row[3]);
  reminder.occurrence = row[4].as<int>();
  reminder.state = static_cast<v1::ReminderState>(row[5].as<int>());
  reminder.skip_reason = static_cast<v1::SkipReason>(row[6].as<int>());
  reminder.persons = IdsFromText(db::AsText(row[7]));
  reminder.template_code = db::AsText(row[8]);
  reminder.template_version = row[9].as<int>();
  reminder.notice_template = db::AsText(row[10]);
  reminder.channel = static_cast<v1::Channel>(row[11].as<int>());
  reminder.law_class = static_cast<v1::LawClass>(row[12].as<int>());
  reminder.anchor = db::AsOptionalDay(row[13]);
  reminder.due_at = db::AsTime(row[14]);
  reminder.expires_at = db::AsTime(row[15]);
  reminder.opened_at = db::AsTime(row[16]);
  reminder.cause_event_id = db::AsUuid(row[17]);
  reminder.cause_at = db::AsTime(row[18]);
  reminder.correlation_id = db::AsText(row[19]);
  reminder.facts = FactsFromJson(db::AsText(row[20]));
  reminder.message_count = row[21].as<int>();
  reminder.released_at = db::AsOptionalTime(row[22]);
  reminder.created_at = db::AsTime(row[23]);
  reminder.updated_at = db::AsTime(row[24]);
  return reminder;
}

// A lock that goes with the transaction, on a subject that may have no row yet.
// In the order of their keys, so that two never wait for each other in a circle.
const db::Statement kLockSubjects("reminder_lock_subjects", R"(
  SELECT pg_advisory_xact_lock(k) FROM (
    SELECT DISTINCT hashtextextended(s, 0) AS k FROM unnest($1::text[]) AS s ORDER BY k
    OFFSET 0) keys)");

const db::Statement kTryLockSubjects("reminder_try_lock_subjects", R"(
  SELECT s FROM (SELECT DISTINCT unnest($1::text[]) AS s) wanted
  WHERE pg_try_advisory_xact_lock(hashtextextended(s, 0)))");

const db::Statement kOf("reminder_of_subjects", "SELECT " REMINDER_COLUMNS R"(
  FROM reminder r WHERE r.subject_id = ANY($1::text[])
  ORDER BY r.rule_code, r.subject_id, r.occurrence)");

const db::Statement kFind("reminder_find", "SELECT " REMINDER_COLUMNS R"(
  FROM reminder r WHERE r.id = ANY($1::uuid[]) ORDER BY r.due_at, r.id)");

const db::Statement kSave("reminder_save", R"(
  INSERT INTO reminder (id, rule_code, rule_version, subject_id, occurrence, state, skip_reason,
    persons, template_code, template_version, notice_template, channel, law_class, anchor_date,
    due_date, due_at, expires_at, opened_at, cause_event_id, cause_at, correlation_id, facts,
    message_count, released_at, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::uuid[], $9, $10, $11, $12, $13, $14::date, $15::date,
    $16::timestamptz, $17::timestamptz, $18::timestamptz, $19, $20::timestamptz, $21, $22::jsonb,
    $23, $24::timestamptz, $25::timestamptz, $26::timestamptz)
  ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state, skip_reason = EXCLUDED.skip_reason,
    persons = EXCLUDED.persons, anchor_date = EXCLUDED.anchor_date, due_date = EXCLUDED.due_date,
    due_at = EXCLUDED.due_at, expires_at = EXCLUDED.expires_at,
    cause_event_id = EXCLUDED.cause_event_id, cause_at = EXCLUDED.cause_at,
    correlation_id = EXCLUDED.correlation_id, facts = EXCLUDED.facts,
    message_count = EXCLUDED.message_count, released_at = EXCLUDED.released_at,
    updated_at = EXCLUDED.updated_at
  WHERE reminder.state = 1)");

const db::Statement kSaveSettled("reminder_save_settled", R"(
  UPDATE reminder r SET state = s.state, skip_reason = s.skip_reason,
    message_count = s.message_count, released_at = s.released_at, updated_at = s.updated_at
  FROM unnest($1::uuid[], $2::smallint[], $3::smallint[], $4::int[], $5::timestamptz[],
              $6::timestamptz[])
    AS s(id, state, skip_reason, message_count, released_at, updated_at)
  WHERE r.id = s.id AND r.state = 1)");

const db::Statement kDue("reminder_due", R"(
  SELECT id, subject_id FROM reminder
  WHERE state = 1 AND due_at <= $1::timestamptz ORDER BY due_at, id LIMIT $2::bigint)");

const db::Statement kCountDue(
    "reminder_count_due",
    "SELECT count(*) FROM reminder WHERE state = 1 AND due_at <= $1::timestamptz");

const db::Statement kKept("reminder_signal_of_subjects", R"(
  SELECT rule_code, subject_id, event_id, role, at, correlation_id, anchor_date,
         array_to_string(persons, ' '), facts, producer, shard, pos
  FROM reminder_signal WHERE subject_id = ANY($1::text[]))");

const db::Statement kKeep("reminder_signal_insert", R"(
  INSERT INTO reminder_signal (rule_code, subject_id, event_id, role, at, correlation_id,
                               anchor_date, persons, facts, producer, shard, pos)
  VALUES ($1, $2, $3, $4, $5::timestamptz, $6, $7::date, $8::uuid[], $9::jsonb, $10, $11, $12)
  ON CONFLICT DO NOTHING)");

const db::Statement kDrop("reminder_signal_delete", R"(
  DELETE FROM reminder_signal WHERE rule_code = $1 AND subject_id = $2 AND event_id = $3)");

const db::Statement kOwe("change_notice_insert", R"(
  INSERT INTO change_notice (template_code, event_id, person_id, reminder_id, rule_code, due_date)
  VALUES ($1, $2, $3, $4, $5, ($6::timestamptz AT TIME ZONE 'Asia/Seoul')::date)
  ON CONFLICT DO NOTHING)");

const db::Statement kView("reminder_view", "SELECT " REMINDER_COLUMNS R"(, a.version
  FROM reminder r JOIN aggregate a ON a.id = r.id
  WHERE r.id = $1 AND ($2::boolean OR r.centre_id = ANY($3::uuid[])))");

}  // namespace

std::set<std::string> TryLockSubjects(db::Tx& tx, const std::vector<std::string>& subjects) {
  std::set<std::string> locked;
  for (const auto& row : tx.Exec(kTryLockSubjects, db::ArrayOf(subjects))) {
    locked.insert(db::AsText(row[0]));
  }
  return locked;
}

void LockSubjects(db::Tx& tx, const std::vector<std::string>& subjects) {
  if (!subjects.empty()) tx.Exec(kLockSubjects, db::ArrayOf(subjects));
}

std::vector<Reminder> RemindersOf(db::Tx& tx, const std::vector<std::string>& subjects) {
  std::vector<Reminder> reminders;
  for (const auto& row : tx.Exec(kOf, db::ArrayOf(subjects))) {
    reminders.push_back(ReminderFrom(row));
  }
  return reminders;
}

std::vector<Reminder> FindReminders(db::Tx& tx, const std::vector<base::Uuid>& ids) {
  std::vector<Reminder> reminders;
  for (const auto& row : tx.Exec(kFind, db::ArrayOf(ids))) reminders.push_back(ReminderFrom(row));
  return reminders;
}

void SaveReminder(db::Tx& tx, const Reminder& r) {
  const int64_t changed = tx.ExecCount(
      kSave, r.id, r.rule_code, r.rule_version, r.subject_id, r.occurrence, r.state, r.skip_reason,
      db::ArrayOf(r.persons), r.template_code, r.template_version, r.notice_template, r.channel,
      r.law_class, r.anchor, DueDay(r), r.due_at, r.expires_at, r.opened_at, r.cause_event_id,
      r.cause_at, r.correlation_id, FactsToJson(r.facts), r.message_count, r.released_at,
      r.created_at, r.updated_at);
  if (changed != 1) db::Conflict();
}

void SaveSettled(db::Tx& tx, const std::vector<Reminder>& reminders) {
  std::vector<db::Param> ids, states, reasons, counts, released, updated;
  for (const Reminder& r : reminders) {
    ids.emplace_back(r.id);
    states.emplace_back(r.state);
    reasons.emplace_back(r.skip_reason);
    counts.emplace_back(r.message_count);
    released.emplace_back(r.released_at);
    updated.emplace_back(r.updated_at);
  }
  const int64_t changed =
      tx.ExecCount(kSaveSettled, db::Array(ids), db::Array(states), db::Array(reasons),
                   db::Array(counts), db::Array(released), db::Array(updated));
  if (changed != static_cast<int64_t>(reminders.size())) db::Conflict();
}

std::vector<DueReminder> FindDueReminders(db::Tx& tx, absl::Time now, int limit) {
  std::vector<DueReminder> due;
  for (const auto& row : tx.Exec(kDue, now, limit)) {
    due.push_back({db::AsUuid(row[0]), db::AsText(row[1])});
  }
  return due;
}

int64_t CountDueReminders(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountDue, now)[0][0].as<int64_t>();
}

std::vector<Occasion> KeptOccasions(db::Tx& tx, const std::vector<std::string>& subjects) {
  std::vector<Occasion> kept;
  for (const auto& row : tx.Exec(kKept, db::ArrayOf(subjects))) {
    Occasion occasion;
    occasion.rule_code = db::AsText(row[0]);
    occasion.subject_id = db::AsText(row[1]);
    occasion.event_id = db::AsUuid(row[2]);
    occasion.role = static_cast<Role>(row[3].as<int>());
    occasion.at = db::AsTime(row[4]);
    occasion.correlation_id = db::AsText(row[5]);
    occasion.anchor = db::AsOptionalDay(row[6]);
    occasion.persons = IdsFromText(db::AsText(row[7]));
    occasion.facts = FactsFromJson(db::AsText(row[8]));
    occasion.place = {db::AsText(row[9]), row[10].as<int>(), row[11].as<int64_t>()};
    kept.push_back(std::move(occasion));
  }
  return kept;
}

void KeepOccasion(db::Tx& tx, const Occasion& occasion) {
  tx.Exec(kKeep, occasion.rule_code, occasion.subject_id, occasion.event_id, occasion.role,
          occasion.at, occasion.correlation_id, occasion.anchor, db::ArrayOf(occasion.persons),
          FactsToJson(occasion.facts), occasion.place.producer, occasion.place.shard,
          occasion.place.pos);
}

void DropOccasion(db::Tx& tx, const Occasion& occasion) {
  tx.Exec(kDrop, occasion.rule_code, occasion.subject_id, occasion.event_id);
}

bool OweNotice(db::Tx& tx, const Notice& notice) {
  return tx.ExecCount(kOwe, notice.template_code, notice.event_id, notice.person, notice.row.id,
                      notice.row.rule_code, notice.at) == 1;
}

ReminderView ReadReminderRow(const db::Row& row) {
  return {ReminderFrom(row), row[kVersionColumn].as<int64_t>()};
}

std::optional<ReminderView> ReadReminder(db::Tx& tx, const base::Scope& scope,
                                         const base::Uuid& id) {
  const auto row = tx.ExecOptional(kView, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadReminderRow(*row);
}

const filter::ListSpec& ReminderList() {
  static const auto* spec = new filter::ListSpec{
      .columns = REMINDER_COLUMNS ", a.version",
      .from = "reminder r JOIN aggregate a ON a.id = r.id",
      .fields = {{"name", filter::Resource("r.id", "reminders/{}").NotNull()},
                 {"rule", filter::Text("('rules/' || r.rule_code)").NotNull()},
                 {"subject_id", filter::Text("r.subject_id").NotNull()},
                 {"occurrence", filter::Int("r.occurrence").NotNull()},
                 {"state", filter::Enum<v1::ReminderState>("r.state").NotNull()},
                 {"due_date", filter::Date("r.due_date").NotNull()},
                 {"due_time", filter::Timestamp("r.due_at").NotNull()},
                 {"create_time", filter::Timestamp("r.created_at").NotNull()}},
      .key = "name",
      .default_order = "due_time",
      .centres = {"r.centre_id"}};
  return *spec;
}

}  // namespace ieum::notify
