// G2: commands a second without any consumer, against pgbench of a form that takes 64 commands in
// one transaction with one statement for each step: what SQL could do at most.
#include "bench/harness/load.h"
#include "bench/harness/pgbench.h"
#include "bench/rows/commands_sql.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {

std::vector<Line> RunBatches(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  for (const char* consumer : {"casemgmt", "reporting", "notify"}) suite.Stop(consumer);
  std::vector<LoadSeen> loads;
  PgbenchSeen pgbench;
  const double seconds = bench.options().seconds;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        loads.push_back(RunLoad(suite, {.clients = 64, .seconds = seconds}));
        suite.postgres().Settle();
        return loads.back().per_second;
      },
      [&] {
        pgbench = RunPgbench(suite, {LimitDatabase("registry"), BatchScript(), 4, seconds});
        suite.postgres().Settle();
        return pgbench.per_second * kBatch;
      });
  const LoadSeen load = MedianOf(loads);
  Line line{.row = "G2",
            .what = "acknowledged commands, no consumers, 64 clients",
            .unit = "/s",
            .limit_is = "pgbench -c 4, 64 commands a transaction",
            .goal = {Goal::Of::kRatio, std::nullopt, 0.5},
            .latency = LatencyWords(load.p50_ms, load.p99_ms),
            .cpu = fmt::format("{}; pgbench and its PostgreSQL {:.3f}",
                               DescribeCpu(load.cpu_per_1000), pgbench.cpu_per_1000 / kBatch)};
  SetRounds(rounds, &line);
  bench.LiveSuite();
  return {line};
}

}  // namespace ieum::bench
