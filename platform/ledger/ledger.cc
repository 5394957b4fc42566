#include "platform/ledger/ledger.h"

#include "absl/strings/str_cat.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/ledger/event_row.h"
#include "platform/telemetry/log.h"

namespace ieum::ledger {
namespace {

constexpr int kInDoubtRuns =
    3;  // a commit in doubt is asked again this often before the caller hears
constexpr int64_t kReadLogRows = 10000;
constexpr int64_t kFirstEpoch = 1;

const db::Statement kFindAnswer("command_dedup_select", R"(
  SELECT request_hash, name, etag, shard, pos FROM command_dedup WHERE request_id = $1)");

// Written last and for successes only. A neighbour that committed the same request meanwhile makes
// this change nothing; the command then runs again and finds the stored answer.
const db::Statement kStoreAnswer("command_dedup_insert", R"(
  INSERT INTO command_dedup (request_id, request_hash, name, etag, shard, pos)
  VALUES ($1, $2::bytea, $3, $4, $5, $6) ON CONFLICT (request_id) DO NOTHING)");

const db::Statement kPrune("command_dedup_prune", R"(
  DELETE FROM command_dedup WHERE request_id IN (
    SELECT request_id FROM command_dedup WHERE created_at < now() - make_interval(secs => $1::int)
    LIMIT $2::bigint))");

// The running sum keeps a reader who asks for many rows of large events from holding them all; the
// first event always comes, or a large one would stop its shard.
const db::Statement kReadLog("event_log_read", R"(
  SELECT shard, pos, event_id, type, subject, aggregate_id, version, occurred_at, actor,
         correlation_id, causation_id, traceparent, payload
  FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY pos) AS bytes
        FROM (SELECT * FROM event_log WHERE shard = $1 AND pos >= $2::bigint
              ORDER BY pos LIMIT $3::bigint) run) measured
  WHERE bytes <= $4::bigint OR bytes = octet_length(payload)
  ORDER BY pos)");

const db::Statement kPosition("outbox_shard_one",
                              "SELECT last_pos FROM outbox_shard WHERE shard = $1");

const db::Statement kPositions("outbox_shard_all",
                               "SELECT shard, last_pos FROM outbox_shard ORDER BY shard");

const db::Statement kEpochStarts("log_epoch_starts", R"(
  SELECT epoch, kept_pos FROM log_epoch_shard WHERE shard = $1::smallint ORDER BY epoch)");

const db::Statement kEpoch("log_identity_epoch", "SELECT epoch FROM log_identity");

void FillEpochStarts(db::Tx& tx, int shard, platform::v1::ReadLogResponse* response) {
  for (const auto& row : tx.Exec(kEpochStarts, shard)) {
    auto* start = response->add_epoch_starts();
    start->set_epoch(row[0].as<int64_t>());
    start->set_kept_position(row[1].as<int64_t>());
  }
}

absl::Status Reused(const base::Uuid& request_id) {
  return base::AlreadyExists("REQUEST_ID_REUSED",
                             "this request_id was already used for another request; use a new one",
                             {{"request_id", request_id.ToString()}});
}

absl::StatusOr<std::optional<Answer>> StoredAnswer(db::Tx& tx, const Command& command) {
  auto row = tx.ExecOptional(kFindAnswer, command.request_id);
  if (!row) return std::optional<Answer>();
  if (db::AsBytes((*row)[0]) != command.request_hash) return Reused(command.request_id);
  Answer answer;
  answer.name = db::AsText((*row)[1]);
  answer.etag = (*row)[2].as<int64_t>();
  answer.position = {(*row)[3].as<int>(), (*row)[4].as<int64_t>()};
  answer.replayed = true;
  return std::optional<Answer>(answer);
}

Answer AnswerOf(const UnitOfWork& work, const Done& done) {
  Answer answer;
  answer.name = done.name;
  answer.etag = work.Version(done.aggregate_id);
  answer.position.shard = done.aggregate_id.shard();
  for (const PendingEvent& event : work.events()) {
    if (event.aggregate_id == done.aggregate_id) answer.position = event.position;
  }
  return answer;
}

// Positions are only known after Finish, so the answer is stored right behind the events.
absl::StatusOr<Answer> FinishCommand(UnitOfWork& work, const Command& command, const Done& done) {
  work.Finish();
  IEUM_FAILPOINT("command.before_answer_stored");
  const Answer answer = AnswerOf(work, done);
  const int64_t stored =
      work.tx().ExecCount(kStoreAnswer, command.request_id, db::Bytes(command.request_hash),
                          answer.name, answer.etag, answer.position.shard, answer.position.pos);
  if (stored != 1) db::Conflict();
  return answer;
}

// The same request may have been committed by a neighbour while this run waited for its rows: what
// looks taken or stale then is its own doing, and the next run finds the stored answer.
absl::Status Refusal(db::Tx& tx, const Command& command, const absl::Status& refusal) {
  ASSIGN_OR_RETURN(const std::optional<Answer> stored, StoredAnswer(tx, command));
  if (stored) db::Conflict();
  return refusal;
}

// Two services that react to one event, or are sent one request id, must not make one id.
base::Uuid SeedOf(const std::string& service, const base::Uuid& cause) {
  return base::Uuid::Derive(cause, service);
}

absl::Status CheckSizes(const UnitOfWork& work) {
  for (const PendingEvent& event : work.events()) {
    if (event.payload.size() > kMaxEventBytes) {
      return base::Error(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
                         "the request is too large to be recorded; send less in one request");
    }
  }
  return absl::OkStatus();
}

}  // namespace

Ledger::Ledger(db::Database& database, base::Clock& clock, std::string service)
    : database_(database), clock_(clock), service_(std::move(service)) {}

absl::StatusOr<Answer> Ledger::Run(const Command& command, UseCase use_case) {
  absl::StatusOr<Answer> answer = absl::UnknownError("not run");
  bool appended = false;  // by the run that answered, or by one whose commit was in doubt
  for (int run = 0; run < kInDoubtRuns; ++run) {
    bool appended_now = false;
    answer = RunOnce(command, use_case, &appended_now);
    appended = appended || appended_now;
    if (!db::InDoubt(answer.status())) break;
    telemetry::Warn("commit in doubt, asked again", {{"command", command.name}});
  }
  if (answer.ok() && appended) Committed();
  return answer;
}

absl::StatusOr<Answer> Ledger::RunOnce(const Command& command, UseCase use_case, bool* appended) {
  Answer answer;
  RETURN_IF_ERROR(database_.Write(command.name, [&](db::Tx& tx) -> absl::Status {
    *appended = false;
    IEUM_FAILPOINT("command.before_dedup_read");
    ASSIGN_OR_RETURN(const std::optional<Answer> stored, StoredAnswer(tx, command));
    if (stored) {
      answer = *stored;
      return absl::OkStatus();
    }
    IEUM_FAILPOINT("command.after_dedup_read");
    ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
    UnitOfWork work(tx, now, command.caller, SeedOf(service_, command.request_id));
    const absl::StatusOr<Done> done = use_case(work);
    if (!done.ok()) return Refusal(tx, command, done.status());
    RETURN_IF_ERROR(CheckSizes(work));
    ASSIGN_OR_RETURN(answer, FinishCommand(work, command, *done));
    *appended = !work.events().empty();
    IEUM_FAILPOINT("command.before_commit");
    return absl::OkStatus();
  }));
  IEUM_FAILPOINT("command.after_commit");
  return answer;
}

absl::Status Ledger::RunWithin(db::Tx& tx, Caller caller, const base::Uuid& seed,
                               absl::FunctionRef<absl::Status(UnitOfWork&)> body,
                               std::vector<PendingEvent>* appended) {
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  UnitOfWork work(tx, now, std::move(caller), SeedOf(service_, seed));
  RETURN_IF_ERROR(body(work));
  RETURN_IF_ERROR(CheckSizes(work));
  work.Finish();
  if (appended != nullptr) appended->assign(work.events().begin(), work.events().end());
  return absl::OkStatus();
}

absl::StatusOr<platform::v1::ReadLogResponse> Ledger::ReadLog(int shard, int64_t from,
                                                              int max_events, size_t max_bytes) {
  if (shard < 0 || shard >= base::Uuid::kShards) {
    return base::InvalidField("INVALID_FIELD", "shard", "must be from 0 to 15");
  }
  platform::v1::ReadLogResponse response;
  RETURN_IF_ERROR(database_.Read("read_log", [&](db::Tx& tx) {
    response.set_epoch(tx.Exec(kEpoch)[0][0].as<int64_t>());
    response.set_last_position(tx.Exec(kPosition, shard)[0][0].as<int64_t>());
    if (response.epoch() > kFirstEpoch) FillEpochStarts(tx, shard, &response);
    const int64_t rows = std::min<int64_t>(max_events, kReadLogRows);
    size_t bytes = 0;
    for (const auto& row : tx.Exec(kReadLog, shard, from, rows, max_bytes)) {
      platform::v1::LedgerEvent event = EventOf(row);
      bytes += event.ByteSizeLong();
      if (bytes > max_bytes && response.events_size() > 0) break;
      *response.add_events() = std::move(event);
    }
    return absl::OkStatus();
  }));
  return response;
}

absl::StatusOr<std::vector<int64_t>> Ledger::Positions() {
  std::vector<int64_t> positions(base::Uuid::kShards, 0);
  RETURN_IF_ERROR(database_.Read("ledger_positions", [&](db::Tx& tx) {
    for (const auto& row : tx.Exec(kPositions)) {
      positions[row[0].as<size_t>()] = row[1].as<int64_t>();
    }
    return absl::OkStatus();
  }));
  return positions;
}

absl::StatusOr<int64_t> Ledger::Epoch() {
  int64_t epoch = 0;
  RETURN_IF_ERROR(database_.Read("ledger_epoch", [&](db::Tx& tx) {
    epoch = tx.Exec(kEpoch)[0][0].as<int64_t>();
    return absl::OkStatus();
  }));
  return epoch;
}

absl::StatusOr<int64_t> Ledger::PruneAnswers(int limit) {
  int64_t pruned = 0;
  RETURN_IF_ERROR(database_.Write("prune_answers", [&](db::Tx& tx) {
    pruned = tx.ExecCount(kPrune, absl::ToInt64Seconds(kRequestRetention), limit);
    return absl::OkStatus();
  }));
  return pruned;
}

}  // namespace ieum::ledger
