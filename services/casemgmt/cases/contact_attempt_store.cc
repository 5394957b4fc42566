#include "services/casemgmt/cases/contact_attempt_store.h"

namespace ieum::casemgmt {

const db::Statement kInsert("contact_attempt_insert", R"(
  INSERT INTO contact_attempt (id, case_id, attempt_date, channel, outcome, recorded_at)
  VALUES ($1, $2, $3, $4, $5, $6))");

void InsertContactAttempt(db::Tx& tx, const base::Uuid& case_id, const ContactAttempt& attempt) {
  tx.ExecLater(kInsert, attempt.id, case_id, attempt.day, attempt.channel, attempt.outcome,
               attempt.record_time);
}

const db::Statement kOfCase("contact_attempt_of_case", R"(
  SELECT id, attempt_date, channel, outcome, recorded_at FROM contact_attempt
  WHERE case_id = $1 ORDER BY attempt_date DESC, id DESC LIMIT $2)");

std::vector<ContactAttempt> ContactAttemptsOf(db::Tx& tx, const base::Uuid& case_id, int limit) {
  std::vector<ContactAttempt> attempts;
  for (const auto& row : tx.Exec(kOfCase, case_id, limit)) {
    attempts.push_back({.id = db::AsUuid(row[0]),
                        .day = db::AsDay(row[1]),
                        .channel = static_cast<v1::AttemptChannel>(row[2].as<int>()),
                        .outcome = static_cast<v1::AttemptOutcome>(row[3].as<int>()),
                        .record_time = db::AsTime(row[4])});
  }
  return attempts;
}

}  // namespace ieum::casemgmt
