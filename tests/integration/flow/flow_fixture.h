// Two small services of the tests in one process: "sample" writes events, "tally" listens to them.
// Real PostgreSQL, a real broker, the real flow; only the RPC between them is a function call.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/flow/flow.h"
#include "platform/ledger/ledger.h"
#include "platform/telemetry/metrics.h"
#include "tests/support/nats.h"
#include "tests/support/postgres.h"

namespace ieum::flow::testing {

using ieum::testing::NatsServer;
using ieum::testing::TestDatabase;

// Intervals short enough for a test; everything else as in production.
Limits ShortLimits();

// One process of a service.
class Node {
 public:
  struct Options {
    std::string service;
    db::Database* database = nullptr;
    std::string nats_url;
    LogReader log_reader;
    std::function<void(Subscriptions&)> listen;
    std::vector<DueWork> due_works;
    Limits limits = ShortLimits();
    base::Clock* clock = nullptr;  // the system's when empty
  };
  // Starts at once.
  explicit Node(Options options);

  void Drain() { flow_->Drain(absl::Seconds(5)); }
  ledger::Ledger& ledger() { return ledger_; }
  Flow& flow() { return *flow_; }
  platform::v1::Progress Progress();
  // Events of the ledger, and of it in the stream.
  int64_t Written();
  int64_t Published();
  // The value of the first metric line that starts with `name`; 0 when there is none.
  double Metric(const std::string& name);

 private:
  base::SystemClock system_clock_;
  Subscriptions subscriptions_;
  telemetry::Metrics metrics_;
  ledger::Ledger ledger_;
  std::unique_ptr<Flow> flow_;
};

// The database of "tally": what its effects keep.
class TallyDatabase {
 public:
  explicit TallyDatabase(const std::string& cluster = ieum::testing::SharedCluster());
  db::Database& database() { return database_.database(); }

  // Keeps Counted in rows, and answers Renamed with an event of its own (Glanced).
  std::function<void(Subscriptions&)> Effects();
  // The same, and rows go when their events turn out never to have happened.
  std::function<void(Subscriptions&)> EffectsWithUndo();

  int64_t Rows() { return Number("SELECT count(*) FROM tally"); }
  int64_t Sum() { return Number("SELECT coalesce(sum(amount), 0) FROM tally"); }
  int64_t Answers() { return Number("SELECT count(*) FROM event_log"); }
  int64_t DeadLetters() { return Number("SELECT count(*) FROM dead_letter"); }
  int64_t Applied() { return Number("SELECT coalesce(sum(pos), 0) FROM inbox_cursor"); }
  // "" when every event was kept once and each counter's in its order.
  std::string Fault();
  std::string Ask(const std::string& sql) { return database_.Ask(sql); }
  int64_t Number(const std::string& sql) { return std::stoll(database_.Ask(sql)); }

  // A Counted with this amount breaks the sink's statement, until it is allowed.
  static constexpr int64_t kPoison = -13;
  void AllowPoison();
  // What the sink answers before it does anything; OK again with OkStatus.
  void FailWith(absl::Status status);

 private:
  absl::Status Keep(db::Tx& tx, absl::Span<const ReceivedEvent> run);

  TestDatabase database_;
  std::mutex mutex_;
  absl::Status failure_;
};

// Writes events of counters into a ledger, each with a command.
class Writer {
 public:
  explicit Writer(ledger::Ledger& ledger) : ledger_(ledger) {}
  void Count(int counter, int64_t amount = 1);
  void Rename(int counter, const std::string& name);
  void Glance(int counter);
  // Counted events of amount 1, `commands` of them over 40 counters, each with `events` events.
  void CountMany(int commands, int events = 1);

 private:
  void Run(int counter, const std::vector<const google::protobuf::Message*>& events);
  ledger::Ledger& ledger_;
};

// Its shard is number mod 16.
base::Uuid Counter(int number);

// Reads another ledger as the RPC would; UNAVAILABLE while `up` is false.
LogReader ReaderOf(ledger::Ledger& ledger, const std::atomic<bool>& up);

}  // namespace ieum::flow::testing
