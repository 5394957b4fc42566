// ieum-bench: measures the suite on this machine and prints a table of ratios against what the same
// machine can do at most, measured in the same run.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/harness/bench.h"
#include "bench/harness/machine.h"
#include "bench/harness/waiting.h"
#include "fmt/format.h"
#include "platform/telemetry/log.h"

namespace ieum::bench {
namespace {

std::string Names() {
  return absl::StrJoin(Rows(), "\n", [](std::string* out, const Row& row) {
    absl::StrAppend(out, "  ", fmt::format("{:<8}", row.name), row.title);
  });
}

bool Wanted(const Row& row, const std::vector<std::string>& names) {
  return names.empty() || std::find(names.begin(), names.end(), row.name) != names.end();
}

void CheckNames(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const bool known =
        std::any_of(Rows().begin(), Rows().end(), [&](const Row& row) { return row.name == name; });
    if (!known) Die(absl::StrCat("there is no row ", name, ". There are:\n", Names()));
  }
}

// What is written down even when a later row dies.
void Keep(const std::string& folder, const std::vector<Line>& lines, const std::string& how) {
  if (folder.empty()) return;
  std::ofstream(folder + "/bench.json") << Json(lines, DescribeMachine(), how);
  std::ofstream(folder + "/bench.md") << DescribeMachine() << "\n\n"
                                      << how << "\n\n"
                                      << MarkdownTable(lines);
}

int Main(int argc, char** argv) {
  CLI::App app("Measures the suite and compares it with what this machine can do at most");
  Options options;
  std::vector<std::string> names;
  std::string out;
  app.add_option("row", names, "rows to run; all when none is named");
  app.add_flag("--quick", options.quick, "short rounds, small tables: for trying, not for saying");
  app.add_flag("--locked", options.locked, "calls over mutual TLS, as ./ieum up has them");
  app.add_option("--rounds", options.rounds, "alternating rounds of each comparison");
  app.add_option("--seconds", options.seconds, "seconds of each round");
  app.add_option("--rebuild-events", options.rebuild_events, "events of g6");
  app.add_option("--organizations", options.organizations, "rows of the largest table of reads");
  app.add_option("--people", options.people, "people of the larger registry of people");
  app.add_option("--idle-transaction", options.idle_transaction, "seconds of g10");
  app.add_option("--out", out, "folder for bench.json and bench.md");
  app.footer("Rows:\n" + Names());
  CLI11_PARSE(app, argc, argv);
  if (options.quick) {
    options.rounds = std::min(options.rounds, 2);
    options.seconds = std::min(options.seconds, 2.0);
    options.rebuild_events = std::min<int64_t>(options.rebuild_events, 20'000);
    options.organizations = std::min<int64_t>(options.organizations, 10'000);
    options.people = std::min<int64_t>(options.people, 5'000);
    options.idle_transaction = std::min(options.idle_transaction, 5.0);
  }
  CheckNames(names);
  telemetry::StartLog("bench", "error");
  const std::string how = fmt::format("{} rounds of {} s{}{}", options.rounds, options.seconds,
                                      options.locked ? ", calls over mutual TLS" : "",
                                      options.quick ? " (--quick: figures for trying only)" : "");
  Bench bench(options);
  std::vector<Line> lines;
  for (const Row& row : Rows()) {
    if (!Wanted(row, names)) continue;
    const double started = Now();
    std::fprintf(stderr, "==> %s: %s\n", row.name, row.title);
    for (Line& line : row.run(bench)) {
      std::printf("%s\n", TerminalLine(line).c_str());
      std::fflush(stdout);
      lines.push_back(std::move(line));
    }
    Keep(out, lines, how);
    bench.Say(fmt::format("{} took {:.0f} s", row.name, Now() - started));
  }
  std::printf("\n%s\n%s\n", DescribeMachine().c_str(), how.c_str());
  return 0;
}

}  // namespace
}  // namespace ieum::bench

int main(int argc, char** argv) {
  try {
    return ieum::bench::Main(argc, argv);
  } catch (const ieum::bench::Fatal& fatal) {
    std::fprintf(stderr, "ieum-bench: %s\n", fatal.sentence.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ieum-bench: %s\n", error.what());
  }
  return 1;
}
