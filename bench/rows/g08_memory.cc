// G8: resident memory of each service, right after its start and under the load of G1.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "bench/harness/load.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "bench/rows/rows.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr double kSettle = 2;  // seconds after the start

std::map<std::string, double> Megabytes(const Suite& suite) {
  std::map<std::string, double> megabytes;
  for (const std::string& service : kServices) {
    megabytes[service] = static_cast<double>(ResidentBytes(suite.pid(service))) / (1 << 20);
  }
  return megabytes;
}

Line LineOf(const char* what, double aim, const std::map<std::string, double>& megabytes) {
  Line line{
      .row = "G8", .what = what, .unit = "MB", .goal = {Goal::Of::kAtMost, std::nullopt, aim}};
  for (const auto& [service, size] : megabytes) {
    line.ours = std::max(line.ours, size);
    absl::StrAppend(&line.note, line.note.empty() ? "" : ", ", service,
                    fmt::format(" {:.0f}", size));
  }
  return line;
}

}  // namespace

std::vector<Line> RunMemory(Bench& bench) {
  Suite& suite = bench.LiveSuite();
  for (const std::string& service : kServices) suite.Stop(service);
  bench.LiveSuite();
  Pause(kSettle);
  const auto idle = Megabytes(suite);
  (void)RunLoad(suite, {.clients = 64, .seconds = std::max(bench.options().seconds, 5.0)});
  const auto loaded = Megabytes(suite);
  bench.Rest();
  return {LineOf("resident memory of the largest service, idle", 40, idle),
          LineOf("resident memory of the largest service, under G1", 120, loaded)};
}

}  // namespace ieum::bench
