// G12: what is still answered well when three times as much is asked as can be done.
#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {

std::vector<Line> RunOverload(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  std::vector<LoadSeen> overs, calms;
  const auto closed_loop = [&] {
    calms.push_back(RunLoad(suite, {.clients = 64, .seconds = bench.options().seconds}));
    bench.Rest();
    return calms.back().per_second;
  };
  const double peak = closed_loop();  // of this suite as it is now, not as it was some rows ago
  const Rounds rounds = Alternate(
      bench, std::min(3, bench.options().rounds),
      [&] {
        overs.push_back(RunLoad(suite, {.clients = 1000,
                                        .rate = 3 * peak,
                                        .seconds = bench.options().seconds,
                                        .deadline = 2}));
        bench.Rest();
        return overs.back().per_second;
      },
      closed_loop);
  const LoadSeen over = MedianOf(overs), calm = MedianOf(calms);
  std::string refused;
  for (const auto& [code, count] : over.failed_by_code) {
    refused += fmt::format(" {} with code {}", count, code);
  }
  Line line{.row = "G12",
            .what = fmt::format("answered well of {} offered a second", Printed(3 * peak)),
            .unit = "/s",
            .limit_is = "closed loop of 64 clients",
            .goal = {Goal::Of::kRatio, 0.9, std::nullopt},
            .latency = LatencyWords(over.p50_ms, over.p99_ms),
            .cpu = DescribeCpu(over.cpu_per_1000),
            .note = fmt::format("p99 of the answered {:.1f} × that of the closed loop; refused:{}",
                                over.p99_ms / std::max(calm.p99_ms, 0.001), refused)};
  SetRounds(rounds, &line);
  return {line};
}

}  // namespace ieum::bench
