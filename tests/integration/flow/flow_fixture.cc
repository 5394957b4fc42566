#include "tests/integration/flow/flow_fixture.h"

#include <gtest/gtest.h>

#include <numeric>
#include <sstream>

#include "ieum/sample/v1/events.pb.h"
#include "platform/base/status.h"

namespace ieum::flow::testing {
namespace {

const db::MigrationSet kTallyTables = {{"0001_tally", R"(
  CREATE TABLE tally (
    place    bigserial,
    event_id uuid NOT NULL,
    counter  uuid NOT NULL,
    version  bigint NOT NULL,
    shard    smallint NOT NULL,
    pos      bigint NOT NULL,
    amount   bigint NOT NULL CONSTRAINT no_poison CHECK (amount <> -13)
  ))"}};

const db::Statement kKeep("tally_keep", R"(
  INSERT INTO tally (event_id, counter, version, amount, shard, pos)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::smallint[],
                       $6::bigint[]))");

const db::Statement kUndo("tally_undo", R"(
  DELETE FROM tally t USING unnest($1::bigint[]) WITH ORDINALITY AS k(pos, place)
  WHERE t.shard = k.place - 1 AND t.pos > k.pos)");

int64_t Total(const google::protobuf::RepeatedField<int64_t>& positions) {
  return std::accumulate(positions.begin(), positions.end(), int64_t{0});
}

}  // namespace

Limits ShortLimits() {
  Limits limits;
  limits.lease = {absl::Milliseconds(1500), absl::Milliseconds(300), absl::Milliseconds(100)};
  limits.relay.ack_timeout = absl::Seconds(1);
  limits.relay.housekeeping = absl::Milliseconds(200);
  limits.relay.stopped_retry = absl::Milliseconds(100);
  limits.consumer.pull_expires = absl::Seconds(2);
  limits.consumer.pull_heartbeat = absl::Milliseconds(300);
  limits.consumer.behind_grace = absl::Milliseconds(500);
  limits.consumer.mark_stale = absl::Seconds(1);
  limits.consumer.probe_interval = absl::Milliseconds(300);
  limits.consumer.retry_max = absl::Milliseconds(300);
  limits.consumer.housekeeping = absl::Milliseconds(200);
  limits.consumer.skip_linger = absl::Milliseconds(20);
  limits.due_interval = absl::Milliseconds(100);
  return limits;
}

Node::Node(Options options)
    : metrics_(options.service),
      ledger_(*options.database, options.clock ? *options.clock : system_clock_, options.service) {
  if (options.listen) options.listen(subscriptions_);
  FlowOptions flow;
  flow.service = options.service;
  flow.nats_url = options.nats_url;
  flow.ledger = &ledger_;
  flow.subscriptions = &subscriptions_;
  flow.log_reader = options.log_reader;
  flow.metrics = &metrics_;
  flow.due_works = options.due_works;
  flow.limits = options.limits;
  flow_ = std::make_unique<Flow>(std::move(flow));
  const absl::Status started = flow_->Start();
  EXPECT_TRUE(started.ok()) << started;
}

platform::v1::Progress Node::Progress() {
  platform::v1::Progress progress;
  const absl::Status status = flow_->Progress(&progress);
  EXPECT_TRUE(status.ok()) << status;
  return progress;
}

int64_t Node::Written() { return Total(Progress().ledger_positions()); }

int64_t Node::Published() { return Total(Progress().published_positions()); }

double Node::Metric(const std::string& name) {
  std::istringstream lines(metrics_.Render());
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(name, 0) == 0) return std::stod(line.substr(line.rfind(' ')));
  }
  return 0;
}

TallyDatabase::TallyDatabase(const std::string& cluster) : database_(cluster, kTallyTables) {}

std::function<void(Subscriptions&)> TallyDatabase::Effects() {
  return [this](Subscriptions& subscriptions) {
    subscriptions.Sink<sample::v1::Counted>(
        [this](db::Tx& tx, absl::Span<const ReceivedEvent> run) { return Keep(tx, run); });
    subscriptions.React<sample::v1::Renamed>(
        [](ledger::UnitOfWork& work, const sample::v1::Renamed& event, const ReceivedEvent&) {
          const base::Uuid counter = *base::Uuid::Parse(event.counter_id());
          work.Lock({counter});
          if (event.name() == "forbidden") return base::Forbidden("FORBIDDEN_NAME", "not that one");
          sample::v1::Glanced glanced;
          glanced.set_counter_id(event.counter_id());
          work.Append(counter, "counter", "counters/" + event.counter_id(), glanced);
          return absl::OkStatus();
        });
  };
}

absl::Status TallyDatabase::Keep(db::Tx& tx, absl::Span<const ReceivedEvent> run) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    RETURN_IF_ERROR(failure_);
  }
  std::vector<db::Param> ids, counters, versions, amounts, shards, positions;
  for (const ReceivedEvent& event : run) {
    ids.emplace_back(event.envelope.event_id());
    counters.emplace_back(event.envelope.aggregate_id());
    versions.emplace_back(event.envelope.aggregate_version());
    amounts.emplace_back(event.As<sample::v1::Counted>().amount());
    shards.emplace_back(event.envelope.shard());
    positions.emplace_back(event.envelope.position());
  }
  tx.Exec(kKeep, db::Array(ids), db::Array(counters), db::Array(versions), db::Array(amounts),
          db::Array(shards), db::Array(positions));
  return absl::OkStatus();
}

std::function<void(Subscriptions&)> TallyDatabase::EffectsWithUndo() {
  return [effects = Effects()](Subscriptions& subscriptions) {
    effects(subscriptions);
    subscriptions.OnRewind([](db::Tx& tx, const Rewind& rewind) {
      tx.Exec(kUndo, db::ArrayOf(std::vector<int64_t>(rewind.kept.begin(), rewind.kept.end())));
      return absl::OkStatus();
    });
  };
}

std::string TallyDatabase::Fault() {
  const int64_t twice = Number("SELECT count(*) - count(DISTINCT event_id) FROM tally");
  const int64_t disorder = Number(
      "SELECT count(*) FROM (SELECT version, lag(version) OVER (PARTITION BY counter ORDER BY "
      "place)"
      " AS before FROM tally) t WHERE before >= version");
  if (twice != 0) return std::to_string(twice) + " kept twice";
  return disorder == 0 ? "" : std::to_string(disorder) + " out of order";
}

void TallyDatabase::AllowPoison() { database_.Ask("ALTER TABLE tally DROP CONSTRAINT no_poison"); }

void TallyDatabase::FailWith(absl::Status status) {
  std::lock_guard<std::mutex> lock(mutex_);
  failure_ = std::move(status);
}

void Writer::Run(int counter, const std::vector<const google::protobuf::Message*>& events) {
  const base::Uuid id = Counter(counter);
  ledger::Command command;
  command.name = "Count";
  command.request_id = base::Uuid::NewV7();
  command.request_hash = "hash";
  command.caller.actor = "staff/kim";
  command.caller.correlation_id = "correlation-" + std::to_string(counter);
  const auto answer = ledger_.Run(command, [&](ledger::UnitOfWork& work) {
    work.Lock({id});
    for (const auto* event : events) {
      work.Append(id, "counter", "counters/" + id.ToString(), *event);
    }
    return absl::StatusOr<ledger::Done>(ledger::Done{id, "counters/" + id.ToString()});
  });
  EXPECT_TRUE(answer.ok()) << answer.status();
}

void Writer::Count(int counter, int64_t amount) {
  sample::v1::Counted event;
  event.set_counter_id(Counter(counter).ToString());
  event.set_amount(amount);
  Run(counter, {&event});
}

void Writer::Rename(int counter, const std::string& name) {
  sample::v1::Renamed event;
  event.set_counter_id(Counter(counter).ToString());
  event.set_name(name);
  Run(counter, {&event});
}

void Writer::Glance(int counter) {
  sample::v1::Glanced event;
  event.set_counter_id(Counter(counter).ToString());
  Run(counter, {&event});
}

void Writer::CountMany(int commands, int events) {
  for (int i = 0; i < commands; ++i) {
    sample::v1::Counted event;
    event.set_counter_id(Counter(i % 40).ToString());
    event.set_amount(1);
    Run(i % 40, std::vector<const google::protobuf::Message*>(static_cast<size_t>(events), &event));
  }
}

base::Uuid Counter(int number) {
  std::array<uint8_t, 16> bytes{};
  bytes[6] = 0x70;
  bytes[8] = 0x80;
  bytes[14] = static_cast<uint8_t>(number >> 8);
  bytes[15] = static_cast<uint8_t>(number);
  return base::Uuid(bytes);
}

LogReader ReaderOf(ledger::Ledger& ledger, const std::atomic<bool>& up) {
  return [&ledger, &up](const std::string&, int shard, int64_t from,
                        int max_events) -> absl::StatusOr<platform::v1::ReadLogResponse> {
    if (!up) return absl::UnavailableError("the producer does not answer");
    return ledger.ReadLog(shard, from, max_events, 256 * 1024);
  };
}

}  // namespace ieum::flow::testing
