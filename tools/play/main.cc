// ieum-play: plays a scenario over gRPC and shows what came out.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "platform/base/status.h"
#include "tools/play/expectations.h"
#include "tools/play/player.h"
#include "tools/play/print_results.h"
#include "tools/play/progress_line.h"
#include "tools/play/read_results.h"
#include "tools/play/report_page.h"

namespace ieum::play {
namespace {

struct Arguments {
  std::string scenario, suite, out;
};

absl::Status WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::UnknownError(absl::StrCat(path, ": cannot be written"));
}

absl::Status Play(Player& player, ProgressLine& line) {
  const absl::Status played = player.Play();
  std::fputs(line.End().c_str(), stderr);
  return played;
}

// True when everything came out as it must.
absl::StatusOr<bool> Show(const Scenario& scenario, const Results& results,
                          const std::string& out) {
  const std::vector<std::string> contradictions = Contradictions(results);
  std::vector<std::string> differences;
  if (!scenario.expected.is_null()) {
    differences = Differences(scenario.expected, Observed(results));
  }
  std::fputs(PrintResults(scenario, results).c_str(), stdout);
  std::fputs(PrintVerdict(scenario, differences, contradictions).c_str(), stdout);
  std::vector<std::string> faults = contradictions;
  faults.insert(faults.end(), differences.begin(), differences.end());
  if (!out.empty()) {
    std::filesystem::create_directories(out);
    RETURN_IF_ERROR(WriteFile(out + "/report.html", ReportPage(scenario, results, faults)));
  }
  return faults.empty();
}

absl::StatusOr<bool> Run(const Arguments& arguments) {
  ASSIGN_OR_RETURN(const Scenario scenario, LoadScenario(arguments.scenario));
  ASSIGN_OR_RETURN(Services services, Services::Open(arguments.suite));
  ProgressLine line(isatty(STDERR_FILENO) == 1);
  Player player(scenario, services, {.on_moment = [&](const Moment& moment) {
                  std::fputs(line.On(moment).c_str(), stderr);
                }});
  RETURN_IF_ERROR(Play(player, line));
  ASSIGN_OR_RETURN(const Results results, ReadResults(scenario, services, player));
  return Show(scenario, results, arguments.out);
}

}  // namespace
}  // namespace ieum::play

int main(int argc, char** argv) {
  ieum::play::Arguments arguments;
  CLI::App app("Plays a scenario over gRPC, and shows and checks what comes out.");
  app.add_option("--scenario", arguments.scenario, "folder of the scenario")->required();
  app.add_option("--suite", arguments.suite, "suite.json of running services")->required();
  app.add_option("--out", arguments.out, "folder for report.html; none = no report");
  app.footer("Ends with 0 when everything is as the scenario expects, 1 otherwise.");
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<bool> good = ieum::play::Run(arguments);
  if (!good.ok()) {
    std::fprintf(stderr, "ieum-play: %s\n", std::string(good.status().message()).c_str());
    return 1;
  }
  return *good ? 0 : 1;
}
