#include "services/notify/messages/message_store.h"

#include <nlohmann/json.hpp>

#include "services/notify/json_facts.h"

namespace ieum::notify {
namespace {

#define MESSAGE_COLUMNS                                                                   \
  "m.id, m.reminder_id, m.rule_code, m.rule_version, m.subject_id, m.kind, m.person_id, " \
  "m.channel, m.law_class, m.template_code, m.template_version, m.due_at, m.expires_at, " \
  "m.cause_event_id, m.correlation_id, m.facts, m.state, m.suppression_reason, "          \
  "m.doubt_resolution, m.language, m.receipt_id, m.attempt_count, m.handed_over_at, "     \
  "m.created_at, m.updated_at"
constexpr int kAfterColumns = 25;

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

const db::Statement kInsert("message_insert", R"(
  INSERT INTO message (id, reminder_id, rule_code, rule_version, subject_id, kind, person_id,
    channel, law_class, template_code, template_version, due_date, due_at, expires_at,
    cause_event_id, correlation_id, facts, state, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::date, $13::timestamptz,
    $14::timestamptz, $15, $16, $17::jsonb, 1, $18::timestamptz, $18::timestamptz))");

const db::Statement kStep("message_step_insert", R"(
  INSERT INTO message_step (message_id, place, state, at, detail)
  SELECT $1::uuid, count(*) + 1, $2::smallint, $3::timestamptz, $4::jsonb
  FROM message_step WHERE message_id = $1::uuid)");

const db::Statement kFind("message_find",
                          "SELECT " MESSAGE_COLUMNS " FROM message m WHERE m.id = $1");

const db::Statement kLockUnsent("message_lock_unsent", "SELECT " MESSAGE_COLUMNS R"(
  FROM message m WHERE m.reminder_id = ANY($1::uuid[]) AND m.state IN (1, 2) ORDER BY m.id FOR UPDATE)");

const db::Statement kUntold("message_untold", R"(
  SELECT reminder_id, person_id FROM message
  WHERE reminder_id = ANY($1::uuid[]) AND kind = 1 AND state NOT IN (2, 3, 4))");

const db::Statement kCancel("message_cancel", R"(
  UPDATE message SET state = 7, updated_at = $2::timestamptz WHERE id = $1 AND state = 1)");

const db::Statement kCancelledBy("message_cancelled_by", R"(
  UPDATE message SET cancelled_by = coalesce(cancelled_by, $2) WHERE id = $1 AND state = 2)");

const db::Statement kAnything("message_anything_to_send", R"(
  SELECT EXISTS (SELECT 1 FROM message WHERE state = 2)
    OR EXISTS (SELECT 1 FROM reminder WHERE state = 1 AND due_at <= $1::timestamptz)
    OR EXISTS (SELECT 1 FROM message WHERE state = 1 AND next_attempt_at <= now()
                 AND (hold_until IS NULL OR hold_until <= $1::timestamptz)))");

const db::Statement kClaim("message_claim", R"(
  UPDATE message m SET state = 2, sender = $1, attempt_count = m.attempt_count + 1,
    updated_at = $2::timestamptz, hold_until = NULL
  WHERE m.id = (
    SELECT id FROM message WHERE state = 1 AND next_attempt_at <= now()
      AND (hold_until IS NULL OR hold_until <= $2::timestamptz)
    ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING )" MESSAGE_COLUMNS ", extract(epoch FROM clock_timestamp() - m.recorded_at)");

const db::Statement kLockUnderway("message_lock_underway", R"(
  SELECT cancelled_by FROM message WHERE id = $1 AND sender = $2 AND state = 2 FOR UPDATE)");

const db::Statement kSave("message_save_outcome", R"(
  UPDATE message SET state = $2, suppression_reason = $3, language = $4, receipt_id = $5,
    next_attempt_at = now() + make_interval(secs => $6::float8), hold_until = $7::timestamptz,
    handed_over_at = $8::timestamptz, updated_at = $9::timestamptz
  WHERE id = $1 AND state = 2)");

const db::Statement kSending(
    "message_sending",
    "SELECT id, sender FROM message WHERE state = 2 ORDER BY due_at, id LIMIT 1");

const db::Statement kResolve("message_resolve_doubt", R"(
  UPDATE message SET state = $2, doubt_resolution = $3, doubt_note = $4,
    updated_at = $5::timestamptz WHERE id = $1 AND state = 4)");

const db::Statement kCountUnsent("message_count_unsent", R"(
  SELECT count(*) FROM message
  WHERE state = 2 OR state = 1 AND (hold_until IS NULL OR hold_until <= $1::timestamptz))");

const db::Statement kView("message_view", "SELECT " MESSAGE_COLUMNS R"(, coalesce(a.version, 0)
  FROM message m LEFT JOIN aggregate a ON a.id = m.id WHERE m.id = $1)");

void AddStep(db::Tx& tx, const base::Uuid& id, v1::MessageState state, absl::Time at,
             const std::string& detail = "{}") {
  tx.Exec(kStep, id, state, at, detail);
}

v1::MessageState StateAfter(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kHandedOver:
      return v1::MESSAGE_STATE_HANDED_OVER;
    case Outcome::Kind::kInDoubt:
      return v1::MESSAGE_STATE_IN_DOUBT;
    case Outcome::Kind::kSuppressed:
      return v1::MESSAGE_STATE_SUPPRESSED;
    case Outcome::Kind::kExpired:
      return v1::MESSAGE_STATE_EXPIRED;
    case Outcome::Kind::kRetry:
    case Outcome::Kind::kHeld:
      return v1::MESSAGE_STATE_PENDING;
    case Outcome::Kind::kCancelled:
      return v1::MESSAGE_STATE_CANCELLED;
  }
  return v1::MESSAGE_STATE_IN_DOUBT;
}

// Why it stands where it stands: the decision's inputs, and codes of what went wrong.
std::string DetailOf(const Outcome& outcome) {
  nlohmann::json detail = {
      {"decided_on", nlohmann::json::parse(ToJson(outcome.inputs), nullptr, false)}};
  if (outcome.reason != v1::SUPPRESSION_REASON_UNSPECIFIED) {
    detail["reason"] = v1::SuppressionReason_Name(outcome.reason);
  }
  if (!outcome.failure.empty()) detail["failure"] = outcome.failure;
  return detail.dump();
}

template <class T>
std::optional<T> If(bool given, T value) {
  return given ? std::optional<T>(value) : std::nullopt;
}

}  // namespace

void InsertMessage(db::Tx& tx, const Message& m) {
  tx.Exec(kInsert, m.id, m.reminder_id, m.rule_code, m.rule_version, m.subject_id, m.kind, m.person,
          m.channel, m.law_class, m.template_code, m.template_version, DueDay(m), m.due_at,
          m.expires_at, m.cause_event_id, m.correlation_id, FactsToJson(m.facts), m.created_at);
  AddStep(tx, m.id, v1::MESSAGE_STATE_PENDING, m.created_at);
}

std::optional<Message> FindMessage(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kFind, id);
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

bool AnythingToSend(db::Tx& tx, absl::Time now) { return tx.Exec(kAnything, now)[0][0].as<bool>(); }

std::optional<Message> ClaimMessage(db::Tx& tx, const base::Uuid& sender, absl::Time now) {
  const auto row = tx.ExecOptional(kClaim, sender, now);
  if (!row) return std::nullopt;
  Message message = MessageFrom(*row);
  message.waited = absl::Seconds((*row)[kAfterColumns].as<double>());
  AddStep(tx, message.id, v1::MESSAGE_STATE_SENDING, now);
  return message;
}

std::optional<Underway> LockUnderway(db::Tx& tx, const base::Uuid& id, const base::Uuid& sender) {
  const auto row = tx.ExecOptional(kLockUnderway, id, sender);
  if (!row) return std::nullopt;
  return Underway{db::AsOptionalUuid((*row)[0])};
}

void SaveOutcome(db::Tx& tx, const base::Uuid& id, const Outcome& outcome, absl::Time now) {
  const v1::MessageState state = StateAfter(outcome.kind);
  const bool retry = outcome.kind == Outcome::Kind::kRetry;
  tx.Exec(kSave, id, state, outcome.reason, outcome.language, outcome.receipt_id,
          std::to_string(retry ? absl::ToDoubleSeconds(outcome.retry_after) : 0.0),
          If(outcome.kind == Outcome::Kind::kHeld, outcome.hold_until),
          If(outcome.kind == Outcome::Kind::kHandedOver, now), now);
  AddStep(tx, id, state, now, DetailOf(outcome));
}

std::optional<Interrupted> FindSending(db::Tx& tx) {
  const auto row = tx.ExecOptional(kSending);
  if (!row) return std::nullopt;
  return Interrupted{db::AsUuid((*row)[0]), db::AsUuid((*row)[1])};
}

void MarkResolved(db::Tx& tx, const base::Uuid& id, v1::DoubtResolution resolution,
                  const std::string& note, absl::Time now) {
  const v1::MessageState state = resolution == v1::DOUBT_RESOLUTION_DELIVERED
                                     ? v1::MESSAGE_STATE_HANDED_OVER
                                     : v1::MESSAGE_STATE_EXPIRED;
  tx.Exec(kResolve, id, state, resolution, note, now);
  AddStep(tx, id, state, now,
          nlohmann::json{{"doubt", v1::DoubtResolution_Name(resolution)}}.dump());
}

int64_t CountUnsentMessages(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountUnsent, now)[0][0].as<int64_t>();
}

MessageView ReadMessageRow(const db::Row& row) {
  return {MessageFrom(row), row[kAfterColumns].as<int64_t>()};
}

std::optional<MessageView> ReadMessage(db::Tx& tx, const base::Uuid& id) {
  const auto row = tx.ExecOptional(kView, id);
  if (!row) return std::nullopt;
  return ReadMessageRow(*row);
}

const filter::ListSpec& MessageList() {
  static const auto* spec = new filter::ListSpec{
      .columns = MESSAGE_COLUMNS ", coalesce(a.version, 0)",
      .from = "message m LEFT JOIN aggregate a ON a.id = m.id",
      .fields = {{"name", filter::Resource("m.id", "messages/{}").NotNull()},
                 {"reminder", filter::Resource("m.reminder_id", "reminders/{}").NotNull()},
                 {"rule", filter::Text("('rules/' || m.rule_code)").NotNull()},
                 {"subject_id", filter::Text("m.subject_id").NotNull()},
                 {"kind", filter::Enum<v1::MessageKind>("m.kind").NotNull()},
                 {"person", filter::Resource("m.person_id", "persons/{}").NotNull()},
                 {"channel", filter::Enum<v1::Channel>("m.channel").NotNull()},
                 {"template", filter::Text("('templates/' || m.template_code)").NotNull()},
                 {"state", filter::Enum<v1::MessageState>("m.state").NotNull()},
                 {"due_date", filter::Date("m.due_date").NotNull()},
                 {"due_time", filter::Timestamp("m.due_at").NotNull()},
                 {"hand_over_time", filter::Timestamp("m.handed_over_at")},
                 {"create_time", filter::Timestamp("m.created_at").NotNull()}},
      .key = "name",
      .default_order = "due_time"};
  return *spec;
}

}  // namespace ieum::notify
