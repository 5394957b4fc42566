// G10: throughput beside somebody who began a writing transaction and does nothing, against the
// throughput before. Designs that take work off a table with SKIP LOCKED and delete it decay here.
#include <algorithm>
#include <pqxx/pqxx>

#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr double kShare = 0.7;  // of what a closed loop reached
constexpr double kLongFirst = 60, kLongLast = 60;
constexpr double kLongFrom = 600;  // seconds from which on a run is the long form

}  // namespace

std::vector<Line> RunIdleTransaction(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  const double held = bench.options().idle_transaction;
  const bool is_long = held >= kLongFrom;
  const double measured = is_long ? kLongFirst : std::max(2.0, held / 4);
  // The long form offers a steady load; the short one shows what is possible at each end.
  const double rate = is_long ? bench.Peak() * kShare : 0;
  const LoadSeen first = RunLoad(suite, {.rate = rate, .seconds = measured});
  bench.Say(fmt::format("before: {} /s", Printed(first.per_second)));
  pqxx::connection connection(suite.database("registry"));
  LoadSeen last;
  {
    pqxx::work idle(connection);
    idle.exec(
        "CREATE TABLE idle_writer (id int)");  // has a transaction id, holds back every cleaning
    (void)RunLoad(suite, {.rate = rate, .warm = 0, .seconds = held - measured});
    last = RunLoad(suite, {.rate = rate, .seconds = is_long ? kLongLast : measured});
  }
  bench.Rest();
  Line line{.row = "G10",
            .what = fmt::format(
                "commands beside a transaction that idles for {:.0f} s, its last {:.0f} s", held,
                measured),
            .unit = "/s",
            .ours = last.per_second,
            .limit = first.per_second,
            .limit_is = "the same before it began",
            .goal = {Goal::Of::kRatio, 0.95, 0.99},
            .latency = LatencyWords(last.p50_ms, last.p99_ms)};
  if (!is_long) line.note = "short form; the hour: --idle-transaction 1800";
  return {line};
}

}  // namespace ieum::bench
