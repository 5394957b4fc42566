#include "services/casemgmt/participants/participant_store.h"

#include "platform/crypto/random_id.h"

namespace ieum::casemgmt {
namespace {

Participant From(const db::Row& row) {
  return {.token = db::AsUuid(row[0]),
          .person = db::AsOptionalUuid(row[1]),
          .joined_into = db::AsOptionalUuid(row[2]),
          .joining = db::AsOptionalUuid(row[3])};
}

std::optional<base::Uuid> TokenIn(const std::optional<db::Row>& row) {
  if (!row) return std::nullopt;
  return db::AsUuid((*row)[0]);
}

}  // namespace

// Of two tokens of a person whose records were merged, the one that the other stands for.
const db::Statement kFind("participant_find", R"(
  SELECT token FROM participant WHERE person_id IN (SELECT person_ids($1))
  ORDER BY joined_into NULLS FIRST, created_at, token LIMIT 1)");
const db::Statement kInsert("participant_insert", R"(
  INSERT INTO participant (token, person_id, created_at) VALUES ($1, person_survivor($2), $3)
  ON CONFLICT (person_id) DO NOTHING)");

base::Uuid ParticipantOf(ledger::UnitOfWork& work, const base::Uuid& person) {
  if (const auto known = FindParticipant(work.tx(), person)) return *known;
  // Random, so that nothing leads from it to the person or to the request that made it.
  const base::Uuid token = crypto::RandomId();
  // Somebody else was faster; the next run sees it.
  if (!work.tx().ExecOne(kInsert, token, person, work.now())) db::Conflict();
  return token;
}

std::optional<base::Uuid> FindParticipant(db::Tx& tx, const base::Uuid& person) {
  return TokenIn(tx.ExecOptional(kFind, person));
}

const db::Statement kToken("participant_token", R"(
  SELECT token, person_id, joined_into, joining_id FROM participant WHERE token = $1)");

std::optional<Participant> FindToken(db::Tx& tx, const base::Uuid& token) {
  const auto row = tx.ExecOptional(kToken, token);
  if (!row) return std::nullopt;
  return From(*row);
}

const db::Statement kTokens("participant_tokens", R"(
  SELECT token, person_id, joined_into, joining_id FROM participant
  WHERE person_id = ANY($1::uuid[]) ORDER BY token)");

std::vector<Participant> TokensOf(db::Tx& tx, const std::vector<base::Uuid>& persons) {
  std::vector<Participant> tokens;
  for (const auto& row : tx.Exec(kTokens, db::ArrayOf(persons))) tokens.push_back(From(row));
  return tokens;
}

const db::Statement kSaveJoining("participant_join", R"(
  UPDATE participant SET joined_into = $2, joining_id = $3 WHERE token = $1)");

void SaveJoining(db::Tx& tx, const Participant& participant) {
  tx.Exec(kSaveJoining, participant.token, participant.joined_into, participant.joining);
}

const db::Statement kSamePerson("participant_same_person", "SELECT person_ids($1)");
const db::Statement kSurvivor("participant_survivor", "SELECT person_survivor($1)");

std::vector<base::Uuid> RecordsOf(db::Tx& tx, const base::Uuid& person) {
  std::vector<base::Uuid> records;
  for (const auto& row : tx.Exec(kSamePerson, person)) records.push_back(db::AsUuid(row[0]));
  return records;
}

base::Uuid SurvivorOf(db::Tx& tx, const base::Uuid& person) {
  return db::AsUuid(tx.Exec(kSurvivor, person)[0][0]);
}

const db::Statement kForget("participant_forget", R"(
  UPDATE participant SET person_id = NULL WHERE person_id = $1)");

int64_t ForgetParticipants(db::Tx& tx, const base::Uuid& person) {
  return tx.ExecCount(kForget, person);
}

}  // namespace ieum::casemgmt
