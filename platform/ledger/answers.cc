#include "platform/ledger/answers.h"

#include <algorithm>

#include "platform/base/status.h"

namespace ieum::ledger {
namespace {

const db::Statement kFind("command_dedup_select", R"(
  SELECT request_id, request_hash, name, etag, shard, pos FROM command_dedup
  WHERE request_id = ANY($1::uuid[]))");

// Written last and for successes only. A neighbour that committed the same request meanwhile makes
// this change less; the command then runs again and finds the stored answer. In the order of ids,
// so that two transactions never wait for each other in a circle.
const db::Statement kStore("command_dedup_insert", R"(
  INSERT INTO command_dedup (request_id, request_hash, name, etag, shard, pos)
  SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::bigint[], $5::smallint[],
                       $6::bigint[]) AS a(request_id, request_hash, name, etag, shard, pos)
  ORDER BY request_id ON CONFLICT (request_id) DO NOTHING)");

absl::Status Reused(const base::Uuid& request_id) {
  return base::AlreadyExists("REQUEST_ID_REUSED",
                             "this request_id was already used for another request; use a new one",
                             {{"request_id", request_id.ToString()}});
}

absl::StatusOr<Answer> ReadAnswer(const db::Row& row, const Command& command) {
  if (db::AsBytes(row[1]) != command.request_hash) return Reused(command.request_id);
  Answer answer;
  answer.name = db::AsText(row[2]);
  answer.etag = row[3].as<int64_t>();
  answer.position = {row[4].as<int>(), row[5].as<int64_t>()};
  answer.replayed = true;
  return answer;
}

}  // namespace

absl::flat_hash_map<base::Uuid, absl::StatusOr<Answer>> FindAnswers(
    db::Tx& tx, absl::Span<const Command* const> commands) {
  absl::flat_hash_map<base::Uuid, const Command*> by_id;
  std::vector<base::Uuid> ids;
  for (const Command* command : commands) {
    by_id.emplace(command->request_id, command);
    ids.push_back(command->request_id);
  }
  absl::flat_hash_map<base::Uuid, absl::StatusOr<Answer>> answers;
  for (const auto& row : tx.Exec(kFind, db::ArrayOf(ids))) {
    const base::Uuid id = db::AsUuid(row[0]);
    answers.emplace(id, ReadAnswer(row, *by_id.at(id)));
  }
  return answers;
}

absl::StatusOr<std::optional<Answer>> FindAnswer(db::Tx& tx, const Command& command) {
  const Command* const one = &command;
  const auto answers = FindAnswers(tx, {&one, 1});
  if (answers.empty()) return std::optional<Answer>();
  RETURN_IF_ERROR(answers.begin()->second.status());
  return std::optional<Answer>(*answers.begin()->second);
}

bool StoreAnswers(db::Tx& tx, std::vector<NewAnswer> answers) {
  if (answers.empty()) return true;
  std::vector<db::Param> ids, hashes, names, etags, shards, positions;
  for (const NewAnswer& each : answers) {
    ids.emplace_back(each.command->request_id);
    hashes.push_back(db::Bytes(each.command->request_hash));
    names.emplace_back(each.answer.name);
    etags.emplace_back(each.answer.etag);
    shards.emplace_back(each.answer.position.shard);
    positions.emplace_back(each.answer.position.pos);
  }
  return tx.ExecCount(kStore, db::Array(ids), db::Array(hashes), db::Array(names), db::Array(etags),
                      db::Array(shards),
                      db::Array(positions)) == static_cast<int64_t>(answers.size());
}

Part PartOf(const Command& command, Ledger::UseCase use_case, Outcome* outcome) {
  return {command.caller, command.request_id, [use_case, outcome](UnitOfWork& work) {
            absl::StatusOr<Done> done = use_case(work);
            if (!done.ok()) return done.status();
            outcome->etag = work.Version(done->aggregate_id);
            outcome->done = *std::move(done);
            return absl::OkStatus();
          }};
}

Answer AnswerOf(const Outcome& outcome, const UnitOfWork& unit) {
  Answer answer;
  answer.name = outcome.done.name;
  answer.etag = outcome.etag;
  answer.position.shard = outcome.done.aggregate_id.shard();
  for (const PendingEvent& event : unit.events()) {
    if (event.aggregate_id == outcome.done.aggregate_id) answer.position = event.position;
  }
  return answer;
}

}  // namespace ieum::ledger
