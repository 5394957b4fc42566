// How throughput and latency of commands change with the number of clients that wait for answers.
#include <algorithm>

#include "bench/harness/load.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {

std::vector<Line> RunLoadCurve(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  std::vector<Line> lines;
  for (const int clients : {10, 50, 100, 200, 400}) {
    const LoadSeen load =
        RunLoad(suite, {.clients = clients, .seconds = std::min(4.0, bench.options().seconds)});
    bench.Rest();
    Line line{.row = "curve",
              .what = fmt::format("commands answered, {} clients", clients),
              .unit = "/s",
              .ours = load.per_second,
              .latency = LatencyWords(load.p50_ms, load.p99_ms)};
    if (load.failed > 0) line.note = fmt::format("{} refused: the queue was full", load.failed);
    bench.Say(fmt::format("{} clients: {:.0f} /s", clients, load.per_second));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace ieum::bench
