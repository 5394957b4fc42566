#include "services/notify/messages/message_store.h"

#include <map>
#include <nlohmann/json.hpp>

#include "services/notify/json_facts.h"
#include "services/notify/messages/message_columns.h"

namespace ieum::notify {
namespace {

const db::Statement kSeed("message_seed", "SELECT seed FROM message_seed");

const db::Statement kInsert("message_insert", R"(
  WITH made AS (
    INSERT INTO message (id, reminder_id, rule_code, rule_version, subject_id, kind, person_id,
      channel, law_class, template_code, template_version, due_date, due_at, expires_at,
      cause_event_id, correlation_id, facts, state, created_at, updated_at)
    SELECT n.id, n.reminder_id, n.rule_code, n.rule_version, n.subject_id, n.kind, n.person_id,
      n.channel, n.law_class, n.template_code, n.template_version, n.due_date, n.due_at,
      n.expires_at, n.cause_event_id, n.correlation_id, n.facts::jsonb, 1, n.created_at,
      n.created_at
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::smallint[],
      $7::uuid[], $8::smallint[], $9::smallint[], $10::text[], $11::int[], $12::date[],
      $13::timestamptz[], $14::timestamptz[], $15::uuid[], $16::text[], $17::text[],
      $18::timestamptz[])
      AS n(id, reminder_id, rule_code, rule_version, subject_id, kind, person_id, channel,
           law_class, template_code, template_version, due_date, due_at, expires_at,
           cause_event_id, correlation_id, facts, created_at)
    RETURNING id, created_at
  )
  INSERT INTO message_step (message_id, place, state, at, detail)
  SELECT id, 1, 1, created_at, '{}' FROM made)");

const db::Statement kStep("message_step_insert", R"(
  INSERT INTO message_step (message_id, place, state, at, detail)
  SELECT $1::uuid, count(*) + 1, $2::smallint, $3::timestamptz, $4::jsonb
  FROM message_step WHERE message_id = $1::uuid)");

const db::Statement kFind("message_find", "SELECT " MESSAGE_COLUMNS R"(
  FROM message m WHERE m.id = $1 AND ($2::boolean OR m.centre_id = ANY($3::uuid[])))");

const db::Statement kLockUnsent("message_lock_unsent", "SELECT " MESSAGE_COLUMNS R"(
  FROM message m WHERE m.reminder_id = ANY($1::uuid[]) AND m.state IN (1, 2) ORDER BY m.id FOR UPDATE)");

const db::Statement kLockUnsentTo("message_lock_unsent_to", "SELECT " MESSAGE_COLUMNS R"(
  FROM message m WHERE m.person_id = $1 AND m.state IN (1, 2) ORDER BY m.id FOR UPDATE)");

const db::Statement kUntold("message_untold", R"(
  SELECT reminder_id, person_id FROM message
  WHERE reminder_id = ANY($1::uuid[]) AND kind = 1 AND state NOT IN (2, 3, 4))");

const db::Statement kCancel("message_cancel", R"(
  WITH cancelled AS (
    UPDATE message SET state = 7, updated_at = $2::timestamptz WHERE id = $1 AND state = 1
    RETURNING id, due_at
  )
  DELETE FROM unsent_message q USING cancelled c
  WHERE q.due_at = c.due_at AND q.message_id = c.id)");

const db::Statement kCancelledBy("message_cancelled_by", R"(
  UPDATE message SET cancelled_by = coalesce(cancelled_by, $2) WHERE id = $1 AND state = 2)");

const db::Statement kResolve("message_resolve_doubt", R"(
  UPDATE message SET state = $2, doubt_resolution = $3, doubt_note = $4,
    updated_at = $5::timestamptz
  WHERE id = $1 AND state = 4 AND ($6::boolean OR centre_id = ANY($7::uuid[])))");

const db::Statement kView("message_view", "SELECT " MESSAGE_COLUMNS R"(, coalesce(a.version, 0)
  FROM message m LEFT JOIN aggregate a ON a.id = m.id
  WHERE m.id = $1 AND ($2::boolean OR m.centre_id = ANY($3::uuid[])))");

void AddStep(db::Tx& tx, const base::Uuid& id, v1::MessageState state, absl::Time at,
             const std::string& detail = "{}") {
  tx.Exec(kStep, id, state, at, detail);
}

}  // namespace

Message MessageFrom(const db::Row& row) {
  Message message;
  message.id = db::AsUuid(row[0]);
  message.reminder_id = db::AsUuid(row[1]);
  message.rule_code = db::AsText(row[2]);
  message.rule_version = row[3].as<int>();
  message.subject_id = db::AsText(row[4]);
  message.kind = static_cast<v1::MessageKind>(row[5].as<int>());
  message.person = db::AsUuid(row[6]);
  message.channel = static_cast<v1::Channel>(row[7].as<int>());
  message.law_class = static_cast<v1::LawClass>(row[8].as<int>());
  message.template_code = db::AsText(row[9]);
  message.template_version = row[10].as<int>();
  message.due_at = db::AsTime(row[11]);
  message.expires_at = db::AsTime(row[12]);
  message.cause_event_id = db::AsUuid(row[13]);
  message.correlation_id = db::AsText(row[14]);
  message.facts = FactsFromJson(db::AsText(row[15]));
  message.state = static_cast<v1::MessageState>(row[16].as<int>());
  message.suppression_reason = static_cast<v1::SuppressionReason>(row[17].as<int>());
  message.doubt_resolution = static_cast<v1::DoubtResolution>(row[18].as<int>());
  message.language = db::AsText(row[19]);
  message.receipt_id = db::AsText(row[20]);
  message.attempt_count = row[21].as<int>();
  message.handed_over_at = db::AsOptionalTime(row[22]);
  message.created_at = db::AsTime(row[23]);
  message.updated_at = db::AsTime(row[24]);
  return message;
}

base::Uuid MessageSeed(db::Tx& tx) { return db::AsUuid(tx.Exec(kSeed)[0][0]); }

void InsertMessages(db::Tx& tx, const std::vector<Message>& messages) {
  if (messages.empty()) return;
  std::vector<std::vector<db::Param>> columns(18);
  for (const Message& m : messages) {
    const db::Param values[] = {m.id,
                                m.reminder_id,
                                m.rule_code,
                                m.rule_version,
                                m.subject_id,
                                m.kind,
                                m.person,
                                m.channel,
                                m.law_class,
                                m.template_code,
                                m.template_version,
                                DueDay(m),
                                m.due_at,
                                m.expires_at,
                                m.cause_event_id,
                                m.correlation_id,
                                FactsToJson(m.facts),
                                m.created_at};
    for (size_t at = 0; at < columns.size(); ++at) columns[at].push_back(values[at]);
  }
  std::vector<db::Param> arrays;
  for (const auto& column : columns) arrays.push_back(db::Array(column));
  tx.Run(kInsert, arrays);
}

std::optional<Message> FindMessage(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return MessageFrom(*row);
}

std::vector<Message> LockUnsentMessages(db::Tx& tx, const std::vector<base::Uuid>& reminders) {
  std::vector<Message> messages;
  if (reminders.empty()) return messages;
  for (const auto& row : tx.Exec(kLockUnsent, db::ArrayOf(reminders))) {
    messages.push_back(MessageFrom(row));
  }
  return messages;
}

std::vector<Message> LockUnsentTo(db::Tx& tx, const base::Uuid& person) {
  std::vector<Message> messages;
  for (const auto& row : tx.Exec(kLockUnsentTo, person)) messages.push_back(MessageFrom(row));
  return messages;
}

std::set<std::pair<base::Uuid, base::Uuid>> UntoldRecipients(
    db::Tx& tx, const std::vector<base::Uuid>& reminders) {
  std::set<std::pair<base::Uuid, base::Uuid>> untold;
  if (reminders.empty()) return untold;
  for (const auto& row : tx.Exec(kUntold, db::ArrayOf(reminders))) {
    untold.emplace(db::AsUuid(row[0]), db::AsUuid(row[1]));
  }
  return untold;
}

void MarkCancelled(db::Tx& tx, const base::Uuid& id, absl::Time now) {
  tx.Exec(kCancel, id, now);
  AddStep(tx, id, v1::MESSAGE_STATE_CANCELLED, now);
}

void MarkCancelledBy(db::Tx& tx, const base::Uuid& id, const base::Uuid& cancelling_event) {
  tx.Exec(kCancelledBy, id, cancelling_event);
}

void MarkResolved(db::Tx& tx, const base::Scope& scope, const base::Uuid& id,
                  v1::DoubtResolution resolution, const std::string& note, absl::Time now) {
  const v1::MessageState state = resolution == v1::DOUBT_RESOLUTION_DELIVERED
                                     ? v1::MESSAGE_STATE_HANDED_OVER
                                     : v1::MESSAGE_STATE_EXPIRED;
  tx.Exec(kResolve, id, state, resolution, note, now, scope.everywhere(), scope.AsArray());
  AddStep(tx, id, state, now,
          nlohmann::json{{"doubt", v1::DoubtResolution_Name(resolution)}}.dump());
}

MessageView ReadMessageRow(const db::Row& row) {
  return {MessageFrom(row), row[kAfterMessageColumns].as<int64_t>()};
}

std::optional<MessageView> ReadMessage(db::Tx& tx, const base::Scope& scope, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kView, id, scope.everywhere(), scope.AsArray());
  if (!row) return std::nullopt;
  return ReadMessageRow(*row);
}

namespace {

std::map<std::string, filter::Field> FieldsWithoutPersons() {
  return {{"name", filter::Resource("m.id", "messages/{}").NotNull()},
          {"reminder", filter::Resource("m.reminder_id", "reminders/{}").NotNull()},
          {"rule", filter::Text("('rules/' || m.rule_code)").NotNull()},
          {"subject_id", filter::Text("m.subject_id").NotNull()},
          {"kind", filter::Enum<v1::MessageKind>("m.kind").NotNull()},
          {"channel", filter::Enum<v1::Channel>("m.channel").NotNull()},
          {"template", filter::Text("('templates/' || m.template_code)").NotNull()},
          {"state", filter::Enum<v1::MessageState>("m.state").NotNull()},
          {"due_date", filter::Date("m.due_date").NotNull()},
          {"due_time", filter::Timestamp("m.due_at").NotNull()},
          {"hand_over_time", filter::Timestamp("m.handed_over_at")},
          {"create_time", filter::Timestamp("m.created_at").NotNull()}};
}

filter::ListSpec ListOf(std::map<std::string, filter::Field> fields) {
  return {.columns = MESSAGE_COLUMNS ", coalesce(a.version, 0)",
          .from = "message m LEFT JOIN aggregate a ON a.id = m.id",
          .fields = filter::FieldMap(std::move(fields)),
          .key = "name",
          .default_order = "due_time",
          .centres = {"m.centre_id"}};
}

}  // namespace

const filter::ListSpec& MessageList() {
  static const auto* spec = [] {
    auto fields = FieldsWithoutPersons();
    fields.emplace("person", filter::Resource("m.person_id", "persons/{}").NotNull());
    return new filter::ListSpec(ListOf(std::move(fields)));
  }();
  return *spec;
}

const filter::ListSpec& MessageListWithoutPersons() {
  static const auto* spec = new filter::ListSpec(ListOf(FieldsWithoutPersons()));
  return *spec;
}

}  // namespace ieum::notify
