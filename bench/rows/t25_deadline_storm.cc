// T25: what patient callers are answered while nine of ten calls come with a deadline of a
// millisecond, which is over before a command can be written. Work whose caller has gone must not
// keep those waiting who are still there.
#include <algorithm>
#include <future>

#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr double kPatientShare = 0.25;  // of the peak
constexpr double kHastyForOne = 9;
constexpr double kHastyDeadline = 0.001;

}  // namespace

std::vector<Line> RunDeadlineStorm(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  const double rate = bench.Peak() * kPatientShare;
  const double seconds = bench.options().seconds;
  std::vector<LoadSeen> patients, storms;
  const Rounds rounds = Alternate(
      bench, std::min(3, bench.options().rounds),
      [&] {
        auto storm = std::async(std::launch::async, [&] {
          return RunLoad(suite, {.clients = 500,
                                 .rate = kHastyForOne * rate,
                                 .warm = 0.5,
                                 .seconds = seconds + 1,
                                 .deadline = kHastyDeadline});
        });
        patients.push_back(RunLoad(suite, {.clients = 500, .rate = rate, .seconds = seconds}));
        storms.push_back(storm.get());
        bench.Rest();
        return patients.back().per_second;
      },
      [&] { return rate; });
  const LoadSeen patient = MedianOf(patients), storm = MedianOf(storms);
  Line line{.row = "T25",
            .what = fmt::format("patient commands answered beside {} calls a second that give up "
                                "after a millisecond",
                                Printed(kHastyForOne * rate)),
            .unit = "/s",
            .limit_is = "what the patient offered",
            .goal = {Goal::Of::kRatio, 0.9, std::nullopt},
            .latency = LatencyWords(patient.p50_ms, patient.p99_ms),
            .note = fmt::format("of the hasty {} a second were answered in time; of the patient {} "
                                "failed",
                                Printed(storm.per_second), patient.failed)};
  SetRounds(rounds, &line);
  return {line};
}

}  // namespace ieum::bench
