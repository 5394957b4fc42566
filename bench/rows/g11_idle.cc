// G11: processor time of the four services when nobody asks anything of them.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr double kCalm = 6;  // seconds until loops that slow down when idle have slowed down

}  // namespace

std::vector<Line> RunIdle(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  Pause(kCalm);
  const double seconds = bench.options().quick ? 5 : 15;
  bench.Say(fmt::format("doing nothing for {:.0f} s", seconds));
  const CpuMeter meter(suite.Pids());
  Pause(seconds);
  Line line{.row = "G11",
            .what = "processor time of the four services, idle",
            .unit = "% of a core",
            .goal = {Goal::Of::kAtMost, std::nullopt, 1}};
  for (const auto& [name, used] : meter.Read()) {
    const double percent = used / seconds * 100;
    if (std::find(kServices.begin(), kServices.end(), name) != kServices.end())
      line.ours += percent;
    absl::StrAppend(&line.note, line.note.empty() ? "" : ", ", name,
                    fmt::format(" {:.2f}", percent));
  }
  return {line};
}

}  // namespace ieum::bench
