#include "bench/harness/load.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/harness/machine.h"
#include "bench/harness/numbers.h"
#include "fmt/format.h"

namespace ieum::bench {
namespace {

constexpr char kLoadClient[] = "load client";
constexpr int64_t kNumbersARun = 2'000'000;

// Every run makes organizations with business numbers of its own.
int64_t NextFirstNumber() {
  static std::atomic<int64_t> next{100'000'000};
  return next.fetch_add(kNumbersARun);
}

std::vector<std::string> CommandOf(const Suite& suite, const LoadSpec& spec) {
  const bool health = spec.call == "health";
  std::vector<std::string> argv = {
      absl::StrCat(IEUM_BINARY_DIR, "/bin/ieum-bench-load"),
      "--target",
      health ? suite.health_target(spec.process) : suite.target(spec.process),
      "--call",
      spec.call,
      "--clients",
      std::to_string(spec.clients),
      "--rate",
      fmt::format("{}", spec.rate),
      "--warm",
      fmt::format("{}", spec.warm),
      "--seconds",
      fmt::format("{}", spec.seconds),
      "--deadline",
      fmt::format("{}", spec.deadline),
      "--first",
      std::to_string(NextFirstNumber())};
  if (!health) {
    argv.insert(argv.end(),
                {"--token-file", spec.token_file.empty() ? suite.token_file() : spec.token_file});
    const std::vector<std::string> tls = suite.TlsWords();
    argv.insert(argv.end(), tls.begin(), tls.end());
  }
  if (!spec.names_file.empty()) argv.insert(argv.end(), {"--names", spec.names_file});
  return argv;
}

}  // namespace

LoadSeen RunLoad(Suite& suite, const LoadSpec& spec) {
  const CpuMeter meter(suite.Pids());
  const double children = ReapedCpuSeconds();
  const auto output = testing::RunToEnd({.argv = CommandOf(suite, spec)});
  if (!output.ok()) Die(std::string(output.status().message()));
  const auto seen = nlohmann::json::parse(*output, nullptr, false);
  if (seen.is_discarded()) Die(absl::StrCat("the load client said: ", *output));

  LoadSeen result;
  result.ok = seen["ok"].get<int64_t>();
  result.per_second = static_cast<double>(result.ok) / seen["seconds"].get<double>();
  result.p50_ms = seen["p50_ms"].get<double>();
  result.p99_ms = seen["p99_ms"].get<double>();
  result.started = seen["started"].get<double>();
  for (const auto& [code, count] : seen["failed"].items()) {
    result.failed_by_code[code] = count.get<int64_t>();
    result.failed += count.get<int64_t>();
  }
  const double thousands = result.per_second * (spec.warm + spec.seconds) / 1000;
  if (thousands <= 0) return result;
  for (const auto& [name, seconds] : meter.Read()) result.cpu_per_1000[name] = seconds / thousands;
  result.cpu_per_1000[kLoadClient] = (ReapedCpuSeconds() - children) / thousands;
  return result;
}

LoadSeen MedianOf(const std::vector<LoadSeen>& runs) {
  LoadSeen median = runs.back();
  const auto of = [&](double LoadSeen::*figure) {
    std::vector<double> values;
    for (const LoadSeen& run : runs) values.push_back(run.*figure);
    return Median(values);
  };
  median.per_second = of(&LoadSeen::per_second);
  median.p50_ms = of(&LoadSeen::p50_ms);
  median.p99_ms = of(&LoadSeen::p99_ms);
  for (auto& [name, cpu] : median.cpu_per_1000) {
    std::vector<double> values;
    for (const LoadSeen& run : runs) {
      if (run.cpu_per_1000.contains(name)) values.push_back(run.cpu_per_1000.at(name));
    }
    cpu = Median(values);
  }
  return median;
}

std::string DescribeCpu(const std::map<std::string, double>& cpu_per_1000) {
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [name, seconds] : cpu_per_1000) sorted.emplace_back(seconds, name);
  std::sort(sorted.rbegin(), sorted.rend());
  return absl::StrJoin(sorted, ", ", [](std::string* out, const auto& each) {
    absl::StrAppend(out, each.second, " ", fmt::format("{:.3f}", each.first));
  });
}

}  // namespace ieum::bench
