#include "platform/ledger/ledger.h"

#include "absl/time/clock.h"
#include "ieum/platform/v1/errors.pb.h"
#include "platform/base/failpoint.h"
#include "platform/base/status.h"
#include "platform/ledger/answers.h"
#include "platform/ledger/command_queue.h"
#include "platform/ledger/event_row.h"
#include "platform/ledger/shared_run.h"
#include "platform/telemetry/log.h"
#include "platform/telemetry/span.h"

namespace ieum::ledger {
namespace {

constexpr int kInDoubtRuns = 3;   // of a commit in doubt, before the caller hears of it
constexpr int kRunsTogether = 3;  // of commands that share a transaction and stood in their way
constexpr int64_t kReadLogRows = 10000;
constexpr int64_t kFirstEpoch = 1;
constexpr char kTransaction[] = "command transaction";

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

const db::Statement kPosition(
    "outbox_shard_one", "SELECT newest FROM outbox_positions() WHERE of_shard = $1::smallint");

const db::Statement kPositions("outbox_shard_all",
                               "SELECT of_shard, newest FROM outbox_positions() ORDER BY of_shard");

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

// The same request may have been committed by a neighbour while this run waited for its rows: what
// looks taken or stale then is its own doing, and the next run finds the stored answer.
absl::Status Refusal(db::Tx& tx, const Command& command, const absl::Status& refusal) {
  ASSIGN_OR_RETURN(const std::optional<Answer> stored, FindAnswer(tx, command));
  if (stored) db::Conflict();
  return refusal;
}

// One transaction, in the traces of all whose commands share it.
telemetry::Span SpanOf(const std::vector<WaitingCommand*>& commands) {
  telemetry::Span span(kTransaction, telemetry::SpanKind::kInternal);
  for (const WaitingCommand* each : commands) {
    span.Under(each->trace, {{"ieum.command", each->command.name}});
  }
  span.Set("ieum.batch.size", static_cast<int64_t>(commands.size()));
  return span;
}

// A refusal of a use case is an answer, not a failure.
void Tell(const absl::Status& status, telemetry::Span& span) {
  if (db::IsTransient(status) || absl::IsInternal(status)) {
    span.Fail(absl::StatusCodeToString(status.code()));
  }
}

absl::Status TooLate() {
  return base::Error(absl::StatusCode::kDeadlineExceeded,
                     platform::v1::ERROR_REASON_DEADLINE_EXCEEDED,
                     "the time given ran out before anything was written");
}

}  // namespace

Ledger::Ledger(db::Database& database, base::Clock& clock, std::string service, Sharing sharing)
    : database_(database),
      clock_(clock),
      service_(std::move(service)),
      queue_(std::make_unique<CommandQueue>(sharing)) {}

Ledger::~Ledger() = default;

absl::StatusOr<Answer> Ledger::Run(const Command& command, UseCase use_case) {
  if (command.alone || queue_->IsLoner(command.name)) return RunAlone(command, use_case, false);
  WaitingCommand mine(command, use_case);
  queue_->Enter(mine);
  while (true) {
    switch (queue_->Await(mine)) {
      case Turn::kLead:
        Lead(mine);
        break;
      case Turn::kAlone:
        return RunAlone(command, use_case, mine.appended);
      case Turn::kAnswered:
        return *std::move(mine.answer);
      case Turn::kWait:
        break;
    }
  }
}

size_t Ledger::waiting() const { return queue_->waiting(); }

void Ledger::Lead(WaitingCommand& first) {
  CommandQueue::Lead lead(*queue_, first);
  RunTogether(lead.commands());
}

// Whoever has no answer in the end runs alone, and holds no writer's place meanwhile.
void Ledger::RunTogether(std::vector<WaitingCommand*> commands) {
  const auto too_late = [](const WaitingCommand* each) {
    return each->command.deadline <= absl::Now();
  };
  for (int run = 0; run < kRunsTogether; ++run) {
    std::erase_if(commands, too_late);
    if (commands.empty() || (run > 0 && commands.size() == 1)) return;
    SharedRun shared(*this, commands);
    telemetry::Span span = SpanOf(commands);
    const absl::Status status =
        database_.WriteOnce("commands", [&](db::Tx& tx) { return shared.Run(tx); });
    Tell(status, span);
    span.End();
    if (status.ok()) {
      IEUM_FAILPOINT("command.after_commit");
      if (shared.appended()) Committed();
      shared.Deliver(*queue_);
      return;
    }
    if (db::InDoubt(status)) return shared.RememberDoubt();
    commands = shared.WithoutCulprits();
  }
}

absl::StatusOr<Answer> Ledger::RunAlone(const Command& command, UseCase use_case, bool appended) {
  absl::StatusOr<Answer> answer = absl::UnknownError("not run");
  for (int run = 0; run < kInDoubtRuns; ++run) {
    if (absl::Now() >= command.deadline) return TooLate();
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
  telemetry::Span span(kTransaction, telemetry::SpanKind::kInternal, telemetry::CurrentTrace());
  span.Set("ieum.command", std::string_view(command.name));
  const absl::Status written = database_.Write(command.name, [&](db::Tx& tx) -> absl::Status {
    *appended = false;
    IEUM_FAILPOINT("command.before_dedup_read");
    ASSIGN_OR_RETURN(const std::optional<Answer> stored, FindAnswer(tx, command));
    if (stored) {
      answer = *stored;
      return absl::OkStatus();
    }
    IEUM_FAILPOINT("command.after_dedup_read");
    ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
    Batch batch(tx, now, service_);
    Outcome outcome;
    const absl::Status status = batch.Run(PartOf(command, use_case, &outcome));
    if (!status.ok()) return Refusal(tx, command, status);
    batch.Finish();
    IEUM_FAILPOINT("command.before_answer_stored");
    answer = AnswerOf(outcome, batch.units().back());
    if (!StoreAnswers(tx, {{&command, answer}})) db::Conflict();
    *appended = batch.appended();
    IEUM_FAILPOINT("command.before_commit");
    return absl::OkStatus();
  });
  Tell(written, span);
  RETURN_IF_ERROR(written);
  IEUM_FAILPOINT("command.after_commit");
  return answer;
}

absl::Status Ledger::RunWithin(db::Tx& tx, Caller caller, const base::Uuid& seed,
                               absl::FunctionRef<absl::Status(UnitOfWork&)> body,
                               std::vector<PendingEvent>* appended) {
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  Batch batch(tx, now, service_);
  RETURN_IF_ERROR(batch.Run({std::move(caller), seed, body}));
  batch.Finish();
  const auto events = batch.units().back().events();
  if (appended != nullptr) appended->assign(events.begin(), events.end());
  return absl::OkStatus();
}

absl::Status Ledger::RunAllWithin(db::Tx& tx, absl::Span<const Part> parts, bool* appended) {
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  Batch batch(tx, now, service_);
  if (parts.size() > 1) batch.LockAhead(parts);
  tx.Gather(nullptr);
  for (const Part& part : parts) RETURN_IF_ERROR(batch.Run(part));
  batch.Finish();
  *appended = batch.appended();
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
