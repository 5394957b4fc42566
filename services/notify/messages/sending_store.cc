#include "services/notify/messages/sending_store.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "services/notify/messages/message_columns.h"

namespace ieum::notify {
namespace {

// The messages of the queue that may be tried now, in its order. Row by row, for nobody wants them
// all: OFFSET 0 keeps the planner from joining whole tables.
#define UNSENT(condition)                                                                       \
  " FROM unsent_message q JOIN LATERAL (SELECT * FROM message x WHERE x.id = q.message_id AND " \
  "(" condition ") OFFSET 0) m ON TRUE "
#define MAY_BE_TRIED                                \
  "x.state = 1 AND x.next_attempt_at <= now() AND " \
  "(x.hold_until IS NULL OR x.hold_until <= $1::timestamptz)"
// What is known to have left before a restore is recorded, never sent: not even when it was made
// after the last look for such messages.
#define NOT_SENT_BEFORE " AND NOT EXISTS (SELECT FROM sent_before b WHERE b.message_id = x.id)"

const db::Statement kAnything("message_anything_to_send", R"(
  SELECT EXISTS (SELECT 1 FROM reminder WHERE state = 1 AND due_at <= $1::timestamptz)
    OR EXISTS (SELECT 1)" UNSENT("x.state = 2 OR " MAY_BE_TRIED) ")");

const db::Statement kCountUnsent("message_count_unsent", R"(
  SELECT count(*))" UNSENT("x.state = 2 OR x.state = 1 AND (x.hold_until IS NULL OR x.hold_until "
                           "<= $1::timestamptz)"));

const db::Statement kSendable("message_sendable", "SELECT " MESSAGE_COLUMNS R"(,
    extract(epoch FROM clock_timestamp() - m.recorded_at))" UNSENT(MAY_BE_TRIED NOT_SENT_BEFORE) R"(
  ORDER BY q.due_at, q.message_id LIMIT $2::bigint)");

// The count of attempts tells whether the row is still what was decided on.
const db::Statement kClaim("message_claim", R"(
  WITH free AS (
    SELECT m.id FROM message m
    JOIN unnest($3::uuid[], $4::int[]) AS w(id, attempts) ON m.id = w.id
    WHERE m.state = 1 AND m.attempt_count = w.attempts
    FOR UPDATE OF m SKIP LOCKED
  ), claimed AS (
    UPDATE message m SET state = 2, sender = $1, attempt_count = m.attempt_count + 1,
      updated_at = $2::timestamptz, hold_until = NULL, steps = m.steps + 1
    FROM free WHERE m.id = free.id
    RETURNING m.id, m.steps
  )
  INSERT INTO message_step (message_id, place, state, at, detail)
  SELECT c.id, c.steps, 2, $2::timestamptz, '{}'
  FROM claimed c
  RETURNING message_id)");

const db::Statement kLockUnderway("message_lock_underway", R"(
  SELECT id, cancelled_by FROM message WHERE id = ANY($2::uuid[]) AND sender = $1 AND state = 2
  ORDER BY id FOR UPDATE)");

const db::Statement kSave("message_save_outcomes", R"(
  WITH outcome AS (
    SELECT * FROM unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::text[], $6::text[],
                         $7::float8[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::int[])
      AS o(id, state, reason, language, receipt_id, retry_after, hold_until, handed_over_at, detail,
           undone)
  ), saved AS (
    UPDATE message m SET state = o.state, suppression_reason = o.reason, language = o.language,
      receipt_id = o.receipt_id, next_attempt_at = now() + make_interval(secs => o.retry_after),
      hold_until = o.hold_until, handed_over_at = o.handed_over_at, updated_at = $1::timestamptz,
      attempt_count = m.attempt_count - o.undone, steps = m.steps + 1
    FROM outcome o WHERE m.id = o.id AND m.state = 2
    RETURNING m.id, m.due_at, m.state, m.steps
  ), gone AS (
    DELETE FROM unsent_message q USING saved s
    WHERE q.due_at = s.due_at AND q.message_id = s.id AND s.state <> 1
  )
  INSERT INTO message_step (message_id, place, state, at, detail)
  SELECT o.id, saved.steps, o.state, $1::timestamptz, o.detail::jsonb
  FROM outcome o JOIN saved USING (id))");

const db::Statement kInterrupted("message_interrupted", R"(
  WITH first AS MATERIALIZED (
    SELECT m.sender)" UNSENT("x.state = 2") R"( ORDER BY q.due_at, q.message_id LIMIT 1)
  SELECT )" MESSAGE_COLUMNS ", m.sender" UNSENT("x.state = 2") R"(
  WHERE m.sender = (SELECT sender FROM first)
  ORDER BY q.due_at, q.message_id LIMIT $1::bigint)");

const db::Statement kSweep("message_sweep_queue", R"(
  DELETE FROM unsent_message q USING message m WHERE m.id = q.message_id AND m.state NOT IN (1, 2))");

const db::Statement kCountSteps("message_count_steps", R"(
  UPDATE message m SET steps = taken.n
  FROM (SELECT s.message_id, count(*) AS n FROM message_step s
        JOIN unsent_message q USING (message_id) GROUP BY 1) taken
  WHERE m.id = taken.message_id AND m.steps < taken.n)");

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
    case Outcome::Kind::kPutBack:
      return v1::MESSAGE_STATE_PENDING;
    case Outcome::Kind::kCancelled:
      return v1::MESSAGE_STATE_CANCELLED;
  }
  return v1::MESSAGE_STATE_IN_DOUBT;
}

// Why it stands where it stands: the decision's inputs, and codes of what went wrong.
std::string DetailOf(const Outcome& outcome) {
  std::string detail = absl::StrCat("{\"decided_on\":", ToJson(outcome.inputs));
  if (outcome.reason != v1::SUPPRESSION_REASON_UNSPECIFIED) {
    absl::StrAppend(&detail, ",\"reason\":\"", v1::SuppressionReason_Name(outcome.reason), "\"");
  }
  if (!outcome.failure.empty()) {
    absl::StrAppend(&detail, ",\"failure\":", nlohmann::json(outcome.failure).dump());
  }
  return absl::StrCat(detail, "}");
}

template <class T>
db::Param If(bool given, T value) {
  return given ? db::Param(value) : db::Param(std::nullopt);
}

}  // namespace

bool AnythingToSend(db::Tx& tx, absl::Time now) { return tx.Exec(kAnything, now)[0][0].as<bool>(); }

int64_t CountUnsentMessages(db::Tx& tx, absl::Time now) {
  return tx.Exec(kCountUnsent, now)[0][0].as<int64_t>();
}

std::vector<Message> FindSendable(db::Tx& tx, absl::Time now, int limit) {
  std::vector<Message> messages;
  for (const auto& row : tx.Exec(kSendable, now, limit)) {
    Message message = MessageFrom(row);
    message.waited = absl::Seconds(row[kAfterMessageColumns].as<double>());
    messages.push_back(std::move(message));
  }
  return messages;
}

std::set<base::Uuid> ClaimMessages(db::Tx& tx, const base::Uuid& sender,
                                   absl::Span<const Message> messages, absl::Time now) {
  std::vector<db::Param> ids, attempts;
  for (const Message& message : messages) {
    ids.emplace_back(message.id);
    attempts.emplace_back(message.attempt_count);
  }
  std::set<base::Uuid> claimed;
  for (const auto& row : tx.Exec(kClaim, sender, now, db::Array(ids), db::Array(attempts))) {
    claimed.insert(db::AsUuid(row[0]));
  }
  return claimed;
}

Underway LockUnderway(db::Tx& tx, const base::Uuid& sender, const std::vector<base::Uuid>& ids) {
  Underway underway;
  for (const auto& row : tx.Exec(kLockUnderway, sender, db::ArrayOf(ids))) {
    underway[db::AsUuid(row[0])] = db::AsOptionalUuid(row[1]);
  }
  return underway;
}

void SaveOutcomes(db::Tx& tx, const std::vector<Attempted>& attempts, absl::Time now) {
  std::vector<db::Param> ids, states, reasons, languages, receipts, pauses, holds, handed, details,
      undone;
  for (const auto& [message, outcome] : attempts) {
    const bool retry = outcome.kind == Outcome::Kind::kRetry;
    ids.emplace_back(message.id);
    states.emplace_back(StateAfter(outcome.kind));
    reasons.emplace_back(outcome.reason);
    languages.emplace_back(outcome.language);
    receipts.emplace_back(outcome.receipt_id);
    pauses.emplace_back(std::to_string(retry ? absl::ToDoubleSeconds(outcome.retry_after) : 0.0));
    holds.push_back(If(outcome.kind == Outcome::Kind::kHeld, outcome.hold_until));
    handed.push_back(If(outcome.kind == Outcome::Kind::kHandedOver, now));
    details.emplace_back(DetailOf(outcome));
    undone.emplace_back(outcome.kind == Outcome::Kind::kPutBack ? 1 : 0);
  }
  tx.Exec(kSave, now, db::Array(ids), db::Array(states), db::Array(reasons), db::Array(languages),
          db::Array(receipts), db::Array(pauses), db::Array(holds), db::Array(handed),
          db::Array(details), db::Array(undone));
}

void SweepQueue(db::Tx& tx) {
  tx.Exec(kSweep);
  tx.Exec(kCountSteps);
}

std::optional<Interrupted> FindInterrupted(db::Tx& tx, int limit) {
  Interrupted found;
  for (const auto& row : tx.Exec(kInterrupted, limit)) {
    found.sender = db::AsUuid(row[kAfterMessageColumns]);
    found.messages.push_back(MessageFrom(row));
  }
  if (found.messages.empty()) return std::nullopt;
  return found;
}

}  // namespace ieum::notify
