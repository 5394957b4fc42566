// G1: commands that were answered, a second, with the relay and all consumers at work, against
// pgbench of the same SQL with nothing else running.
#include <algorithm>
#include <map>

#include "bench/harness/bench.h"
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/harness/pgbench.h"
#include "bench/rows/commands_sql.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {

std::vector<Line> RunCommands(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  std::vector<LoadSeen> loads;
  std::map<std::string, int64_t> behind;  // at the end of a round, the worst
  PgbenchSeen pgbench;
  const Rounds rounds = Alternate(
      bench, bench.options().rounds,
      [&] {
        loads.push_back(RunLoad(suite, {.clients = 64, .seconds = bench.options().seconds}));
        for (const char* consumer : {"casemgmt", "reporting", "notify"}) {
          behind[consumer] = std::max(behind[consumer], suite.Behind(consumer));
        }
        bench.Rest();
        return loads.back().per_second;
      },
      [&] {
        pgbench = RunPgbench(
            suite, {LimitDatabase("registry"), OneCommandScript(), 8, bench.options().seconds});
        bench.Rest();
        return pgbench.per_second;
      });
  const LoadSeen load = MedianOf(loads);
  Line line{
      .row = "G1",
      .what = "acknowledged commands through gRPC, relay and three consumers live, 64 clients",
      .unit = "/s",
      .limit_is = "pgbench -c 8 of the same SQL",
      .goal = {Goal::Of::kRatio, 1.0, 2.0},
      .latency = LatencyWords(load.p50_ms, load.p99_ms),
      .cpu = fmt::format("{}; pgbench and its PostgreSQL {:.3f}", DescribeCpu(load.cpu_per_1000),
                         pgbench.cpu_per_1000),
      .note = fmt::format("pgbench p50 {}, p99 {} ms; behind when the load ended: casemgmt {}, "
                          "reporting {}, notify {} "
                          "events",
                          Printed(pgbench.p50_ms), Printed(pgbench.p99_ms), behind["casemgmt"],
                          behind["reporting"], behind["notify"])};
  SetRounds(rounds, &line);
  return {line};
}

}  // namespace ieum::bench
