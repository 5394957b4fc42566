#include "bench/harness/pgbench.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "bench/harness/machine.h"
#include "bench/harness/numbers.h"
#include "fmt/format.h"
#include "platform/db/statement.h"

namespace ieum::bench {
namespace {

// One transaction in ten is written down, so that writing does not slow what is measured.
constexpr char kSampling[] = "0.1";

double Tps(const std::string& output) {
  for (const absl::string_view line : absl::StrSplit(output, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    double tps = 0;
    if (words.size() > 2 && words[0] == "tps" && absl::SimpleAtod(words[2], &tps)) return tps;
  }
  Die(absl::StrCat("pgbench said no tps:\n", output));
}

// Third column: microseconds.
std::vector<double> LatenciesMs(const std::string& folder) {
  std::vector<double> latencies;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!absl::StartsWith(entry.path().filename().string(), "log")) continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      double micros = 0;
      if (words.size() > 2 && absl::SimpleAtod(words[2], &micros))
        latencies.push_back(micros / 1000);
    }
  }
  return latencies;
}

}  // namespace

std::string StatementText(const std::string& name, const std::vector<std::string>& values) {
  for (const db::Statement* statement : db::Statement::All()) {
    if (statement->name() != name) continue;
    std::vector<std::pair<std::string, std::string>> places;
    for (size_t at = values.size(); at > 0; --at) {
      places.emplace_back(absl::StrCat("$", at), values[at - 1]);
    }
    if (absl::StrContains(statement->sql(), absl::StrCat("$", values.size() + 1))) {
      Die(absl::StrCat(name, " takes more than the ", values.size(), " values given here"));
    }
    // The longest place that fits is taken, so $1 does not eat the beginning of $12.
    const std::string sql = absl::StrReplaceAll(statement->sql(), places);
    return absl::StrReplaceAll(sql, {{"\n", " "}}) + ";\n";
  }
  Die(absl::StrCat("no service has a statement ", name));
}

PgbenchSeen RunPgbench(Suite& suite, const PgbenchSpec& spec) {
  testing::TempDir dir;
  const std::string script = dir.path() + "/script.sql";
  std::ofstream(script) << spec.script;
  const CpuMeter meter({{"postgres", suite.postgres().pid()}});
  const double children = ReapedCpuSeconds();
  const auto output =
      testing::RunToEnd({.argv = {"/usr/lib/postgresql/15/bin/pgbench",
                                  "-n",
                                  "-M",
                                  "prepared",
                                  "-c",
                                  std::to_string(spec.clients),
                                  "-j",
                                  "1",
                                  "-T",
                                  std::to_string(static_cast<int>(std::ceil(spec.seconds))),
                                  "-f",
                                  script,
                                  "-l",
                                  "--log-prefix",
                                  dir.path() + "/log",
                                  "--sampling-rate",
                                  kSampling,
                                  "-h",
                                  suite.postgres().folder(),
                                  "-p",
                                  std::to_string(suite.postgres().port()),
                                  "-U",
                                  "ieum_super",
                                  spec.database}});
  if (!output.ok()) Die(std::string(output.status().message()));
  PgbenchSeen seen;
  seen.per_second = Tps(*output);
  const auto latencies = LatenciesMs(dir.path());
  seen.p50_ms = Percentile(latencies, 0.5);
  seen.p99_ms = Percentile(latencies, 0.99);
  const double cpu = meter.Read().at("postgres") + ReapedCpuSeconds() - children;
  seen.cpu_per_1000 = cpu / (seen.per_second * std::ceil(spec.seconds) / 1000);
  return seen;
}

}  // namespace ieum::bench
