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
// Of each figure's limit. Without a storm nothing is shown by who came through it.
constexpr double kAnswered = 0.9, kStormed = 0.9;

// Calls that came to an end, a second: a hasty one ends with its deadline, whoever is there.
double CallsOf(const LoadSeen& seen, double seconds) {
  return static_cast<double>(seen.ok + seen.failed) / seconds;
}

Line StormLine(const std::vector<LoadSeen>& storms, double wanted, double seconds) {
  Rounds rounds;
  for (const LoadSeen& storm : storms) {
    rounds.ours.push_back(CallsOf(storm, seconds));
    rounds.limit.push_back(wanted);
  }
  const LoadSeen storm = MedianOf(storms);
  Line line{.row = "T25",
            .what = "the storm itself: calls that gave up after a millisecond, or were answered",
            .unit = "/s",
            .limit_is = "what it was to offer",
            .goal = {Goal::Of::kRatio, kStormed, std::nullopt},
            .note = fmt::format("answered in time: {} a second", Printed(storm.per_second))};
  SetRounds(rounds, &line);
  return line;
}

}  // namespace

std::vector<Line> RunDeadlineStorm(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  const double rate = bench.Peak() * kPatientShare;
  const double seconds = bench.options().seconds, storm_seconds = seconds + 1;
  std::vector<LoadSeen> patients, storms;
  const Rounds rounds = Alternate(
      bench, std::min(3, bench.options().rounds),
      [&] {
        auto storm = std::async(std::launch::async, [&] {
          return RunLoad(suite, {.clients = 500,
                                 .rate = kHastyForOne * rate,
                                 .warm = 0.5,
                                 .seconds = storm_seconds,
                                 .deadline = kHastyDeadline});
        });
        patients.push_back(RunLoad(suite, {.clients = 500, .rate = rate, .seconds = seconds}));
        storms.push_back(storm.get());
        bench.Rest();
        return patients.back().per_second;
      },
      [&] { return rate; });
  const LoadSeen patient = MedianOf(patients);
  Line line{.row = "T25",
            .what = fmt::format("patient commands answered beside {} calls a second that give up "
                                "after a millisecond",
                                Printed(kHastyForOne * rate)),
            .unit = "/s",
            .limit_is = "what the patient offered",
            .goal = {Goal::Of::kRatio, kAnswered, std::nullopt},
            .latency = LatencyWords(patient.p50_ms, patient.p99_ms),
            .note = fmt::format("of the patient {} failed", patient.failed)};
  SetRounds(rounds, &line);
  return {line, StormLine(storms, kHastyForOne * rate, storm_seconds)};
}

}  // namespace ieum::bench
