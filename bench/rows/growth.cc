#include "bench/rows/growth.h"

#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr int kClients = 2;

}  // namespace

void Growth::Measure(Bench& bench, Suite& suite, const std::string& call, const std::string& words,
                     int64_t size, const std::string& names_file) {
  const double seconds = bench.options().quick ? 1 : 2;
  std::vector<double> p50, p99, echo;
  for (int round = 0; round < (bench.options().quick ? 2 : 5); ++round) {
    const LoadSeen seen = RunLoad(suite, {.call = call,
                                          .clients = kClients,
                                          .warm = 0.5,
                                          .seconds = seconds,
                                          .names_file = names_file});
    if (seen.ok == 0) Die(fmt::format("no call of {} was answered", call));
    p50.push_back(seen.p50_ms);
    p99.push_back(seen.p99_ms);
    echo.push_back(
        RunLoad(suite, {.call = "health", .clients = kClients, .warm = 0.2, .seconds = seconds / 2})
            .p99_ms);
  }
  by_words_[words].push_back({size, Median(p50), Median(p99), Median(echo)});
}

std::vector<Line> Growth::Lines() const {
  std::vector<Line> lines;
  for (const auto& [words, all] : by_words_) {
    const Seen& first = all.front();
    for (size_t at = 1; at < all.size(); ++at) {
      const Seen& seen = all[at];
      lines.push_back(
          {.row = "sizes",
           .what = fmt::format("{}, {} in the table, p99", words,
                               Printed(static_cast<double>(seen.size))),
           .unit = "ms",
           .ours = seen.p99_ms,
           .limit = first.p99_ms,
           .limit_is = fmt::format("among {}", Printed(static_cast<double>(first.size))),
           .goal = {Goal::Of::kAtMost, 2 * first.p99_ms, std::nullopt},
           .latency = LatencyWords(seen.p50_ms, seen.p99_ms),
           .note = fmt::format("p50 of the small one {} ms; gRPC echo of the same run, p99 {} ms",
                               Printed(first.p50_ms), Printed(seen.echo_p99_ms))});
    }
  }
  return lines;
}

}  // namespace ieum::bench
