// G5: how fast a consumer applies events that wait in the stream, against the transactions that
// apply 256 of them: its own statements, prepared, with arrays that were made beforehand.
#include <algorithm>
#include <functional>
#include <future>
#include <pqxx/pqxx>
#include <random>

#include "absl/strings/str_cat.h"
#include "bench/harness/load.h"
#include "bench/harness/machine.h"
#include "bench/harness/numbers.h"
#include "bench/harness/waiting.h"
#include "bench/rows/backlog.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"
#include "platform/db/statement.h"

namespace ieum::bench {
namespace {

constexpr int kBatchEvents = 256;
constexpr int kLanes = 2;
constexpr int kCursors = 8;  // that a transaction moves
constexpr int kCursorSteps = kBatchEvents / kCursors;
constexpr int kTransactionsMax = 600;  // of a lane in a second, for which arrays are made

std::string SqlOf(const std::string& name) {
  for (const db::Statement* statement : db::Statement::All()) {
    if (statement->name() == name) return statement->sql();
  }
  Die(absl::StrCat("no service has a statement ", name));
}

std::string ArrayText(int size, const std::function<std::string(int)>& element) {
  std::string text = "{";
  for (int i = 0; i < size; ++i) absl::StrAppend(&text, i == 0 ? "" : ",", element(i));
  return text + "}";
}

// Ids as the consumer writes them: of no order among the transactions, sorted in each.
std::vector<std::string> IdArrays(int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::string> arrays;
  for (int at = 0; at < count; ++at) {
    std::vector<std::string> ids;
    for (int i = 0; i < kBatchEvents; ++i) {
      const uint64_t high = random(), low = random();
      ids.push_back(fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32,
                                high >> 16 & 0xffff, high & 0xffff, low >> 48,
                                low & 0xffff'ffff'ffff));
    }
    std::sort(ids.begin(), ids.end());
    arrays.push_back(ArrayText(kBatchEvents, [&](int i) { return ids[static_cast<size_t>(i)]; }));
  }
  return arrays;
}

// One lane that has nothing to do but its transactions: the consumer's own statements, with the
// arrays ready. Returns how many it made.
int64_t RunEffects(const std::string& conninfo, int lane, const std::vector<std::string>& ids,
                   double until, const char* commit) {
  pqxx::connection connection(conninfo);
  pqxx::nontransaction(connection).exec(std::string("SET synchronous_commit = ") + commit);
  connection.prepare("move", SqlOf("inbox_cursor_move"));
  connection.prepare("keep", SqlOf("organization_reference_keep"));
  const std::string producer = absl::StrCat("bench", lane);
  const auto all = [](int size, const char* value) {
    return ArrayText(size, [value](int) { return value; });
  };
  const std::string kinds = all(kBatchEvents, "1"), days = all(kBatchEvents, "NULL");
  const std::string shards =
      ArrayText(kCursors, [lane](int i) { return std::to_string(i * kLanes + lane); });
  const std::string epochs = all(kCursors, "1"), hashes = all(kCursors, "4611686018427387904");
  int64_t made = 0;
  for (; made < static_cast<int64_t>(ids.size()) && Now() < until; ++made) {
    const std::string from = all(kCursors, std::to_string(made * kCursorSteps).c_str());
    const std::string to = all(kCursors, std::to_string((made + 1) * kCursorSteps).c_str());
    pqxx::work work(connection);
    work.exec_prepared("move", producer, shards, from, to, epochs, hashes);
    work.exec_prepared("keep", ids[static_cast<size_t>(made)], kinds, days, kinds);
    work.commit();
  }
  return made;
}

// Events a second of the transactions alone, on as many connections as the consumer has lanes.
double MeasureEffects(Suite& suite, double seconds, const char* commit, double* cpu) {
  const std::string database = LimitDatabase("casemgmt");
  suite.postgres().Ask(database,
                       absl::StrCat("TRUNCATE organization_reference; DELETE FROM inbox_cursor; "
                                    "INSERT INTO inbox_cursor (producer, shard, epoch, pos) "
                                    "SELECT 'bench' || c, s * ",
                                    kLanes, " + c, 1, 0 FROM generate_series(0, ", kLanes - 1,
                                    ") c, generate_series(0, ", kCursors - 1, ") s"));
  suite.postgres().Settle();
  std::vector<std::vector<std::string>> ids;
  for (int lane = 0; lane < kLanes; ++lane) {
    ids.push_back(IdArrays(static_cast<int>(seconds * kTransactionsMax), 7 + lane));
  }
  const CpuMeter meter({{"postgres", suite.Pids().at("postgres")}});
  const double begin = Now();
  std::vector<std::future<int64_t>> lanes;
  for (int lane = 0; lane < kLanes; ++lane) {
    lanes.push_back(std::async(std::launch::async, RunEffects, suite.postgres().Database(database),
                               lane, ids[static_cast<size_t>(lane)], begin + seconds, commit));
  }
  int64_t made = 0;
  for (auto& lane : lanes) made += lane.get();
  *cpu = meter.Read().at("postgres") / static_cast<double>(made * kBatchEvents) * 1000;
  return static_cast<double>(made * kBatchEvents) / (Now() - begin);
}

// From the first moved cursor to the last; `cpu`: seconds for 1,000 events.
double MeasureConsumer(Suite& suite, int64_t events, std::map<std::string, double>* cpu) {
  suite.Ask("casemgmt",
            "TRUNCATE organization_reference, inbox_check; DELETE FROM inbox_stream WHERE producer "
            "= 'registry'; DELETE FROM inbox_cursor WHERE producer = 'registry'");
  suite.postgres().Settle();
  pqxx::connection connection(suite.database("casemgmt"));
  pqxx::nontransaction work(connection);
  const auto applied = [&] {
    return work
        .exec("SELECT coalesce(sum(pos), 0) FROM inbox_cursor WHERE producer = 'registry'")[0][0]
        .as<int64_t>();
  };
  suite.Spawn("casemgmt");
  int64_t first = 0;
  if (!WaitFor([&] { return (first = applied()) > 0; }, 30, 0.001))
    Die("casemgmt consumes nothing");
  const CpuMeter meter(suite.Pids());
  const double begin = Now();
  if (!WaitFor([&] { return applied() >= events; }, 120, 0.005)) {
    Die("casemgmt did not consume the backlog within two minutes");
  }
  const double rate = static_cast<double>(events - first) / (Now() - begin);
  *cpu = meter.Read();
  for (auto& [name, seconds] : *cpu) seconds /= static_cast<double>(events - first) / 1000;
  return rate;
}

}  // namespace

std::vector<Line> RunConsumer(Bench& bench) {
  Suite suite;
  suite.Start({"registry"});
  const int64_t events = bench.options().quick ? 20'000 : 100'000;
  bench.Say(fmt::format("writing a ledger of {} events", events));
  FillOrganizations(suite, events, Fill::kWithEvents);
  const int64_t all =
      std::atoll(suite.Ask("registry", "SELECT sum(last_pos) FROM outbox_shard").c_str());
  const auto published = [&] {
    int64_t sum = 0;
    const platform::v1::Progress progress = suite.Progress("registry");
    for (int64_t each : progress.published_positions()) sum += each;
    return sum >= all;
  };
  if (!WaitFor(published, 120, 0.02)) Die("the backlog does not come into the stream");
  std::map<std::string, double> cpu;
  std::vector<double> hasty;  // the limit without waiting for the disk, as the consumer commits
  double limit_cpu = 0;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        const double rate = MeasureConsumer(suite, all, &cpu);
        suite.Stop("casemgmt");
        return rate;
      },
      [&] {
        const double seconds = bench.options().seconds;
        hasty.push_back(MeasureEffects(suite, seconds, "off", &limit_cpu));
        return MeasureEffects(suite, seconds, "on", &limit_cpu);
      });
  Line line{
      .row = "G5",
      .what = fmt::format("consumer (casemgmt), {} events waiting in the stream", all),
      .unit = "/s",
      .limit_is = fmt::format("{} connections with the transactions alone, {} events each", kLanes,
                              kBatchEvents),
      .goal = {Goal::Of::kRatio, 0.7, std::nullopt},
      .cpu = fmt::format("{}; the limit's PostgreSQL {:.3f}", DescribeCpu(cpu), limit_cpu),
      .note = fmt::format("the limit without waiting for the disk, as the consumer commits: {}/s, "
                          "a ratio of {:.2f}",
                          Printed(Median(hasty)), Median(rounds.ours) / Median(hasty))};
  SetRounds(rounds, &line);
  Line absolute{.row = "G5",
                .what = "the same, events a second",
                .unit = "/s",
                .goal = {Goal::Of::kAtLeast, 15'000, 30'000}};
  SetRounds({rounds.ours, {}}, &absolute);
  return {line, absolute};
}

}  // namespace ieum::bench
