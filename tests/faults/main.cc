// Torments a suite of its own with faults while clients work with it, and looks at the laws.
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/stubs/logging.h"
#include "platform/telemetry/log.h"
#include "tests/faults/patience.h"
#include "tests/faults/report.h"
#include "tests/faults/room.h"

namespace {

using ieum::faults::RunOptions;

constexpr char kSoak[] = "T1,T2,T3,T4,T5,T6,T7,T8,T9";
constexpr double kSoakMinutes = 480;

struct Wish {
  RunOptions options;
  std::vector<uint64_t> seeds;
  double minutes = 2;
  double slack = 1;
  std::string only, report;
  bool dry = false;
  bool random = false;
  bool soak = false;
};

// What to type to get this run again.
std::string CommandFor(const RunOptions& options, double minutes) {
  std::string command = absl::StrCat("./ieum faults --seed ", options.seed, " --minutes ", minutes);
  const ieum::faults::Wishes& wishes = options.wishes;
  if (!wishes.only.empty()) {
    absl::StrAppend(&command, " --only ", absl::StrJoin(wishes.only, ","));
  }
  if (wishes.every_failpoint) command += " --every-failpoint";
  return command;
}

int Print(const RunOptions& options) {
  const auto schedule = ieum::faults::MakeSchedule(options.seed, options.length, options.wishes);
  if (!schedule.ok()) {
    std::fprintf(stderr, "%s\n", std::string(schedule.status().message()).c_str());
    return 2;
  }
  std::printf("seed %llu\n", static_cast<unsigned long long>(options.seed));
  for (const auto& entry : *schedule) {
    std::printf("%s\n", ieum::faults::WordsOf(entry).c_str());
  }
  return 0;
}

int RunOne(const RunOptions& options, double minutes, const std::string& report) {
  if (const int failed = Print(options); failed != 0) return failed;
  const auto result = ieum::faults::Run(options);
  if (!result.ok()) {
    std::fprintf(stderr, "the run could not be made: %s\n", result.status().ToString().c_str());
    return 2;
  }
  const std::string text = ieum::faults::ReportOf(*result, CommandFor(options, minutes));
  std::printf("%s", text.c_str());
  if (!report.empty()) std::ofstream(report) << text;
  return result->breaches.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  ieum::faults::EnterRoom();
  ::testing::InitGoogleTest(&argc, argv);  // the suite tells its faults as those of a test
  CLI::App app("Torments a suite of its own with faults while clients work with it.");
  Wish wish;
  app.add_option("--seed", wish.seeds, "of load and schedule; several make several runs");
  app.add_flag("--random", wish.random, "one more run with a random seed");
  auto* minutes =
      app.add_option("--minutes", wish.minutes, "length of each run, without set-up and audit");
  app.add_option("--only", wish.only, "kinds of fault, such as T1,T4");
  app.add_flag("--every-failpoint", wish.options.wishes.every_failpoint,
               "kill a process at each failpoint, once, instead of what chance brings (T2)");
  app.add_flag("--soak", wish.soak, "kinds T1 to T9, for eight hours unless told otherwise (T30)");
  app.add_option("--clients", wish.options.clients, "that work at once");
  app.add_option("--slack", wish.slack, "times as long to recover, on a busy machine");
  app.add_option("--report", wish.report, "file for the report of the last run");
  app.add_option("--keep", wish.options.keep, "folder for journal and logs when a law is broken");
  app.add_flag("--dry-run", wish.dry, "print seed and schedule only");
  CLI11_PARSE(app, argc, argv);
  ieum::telemetry::StartLog("faults", "error");
  google::protobuf::SetLogHandler(nullptr);  // it complains of texts that are meant to be broken
  if (wish.seeds.empty() || wish.random) wish.seeds.push_back(std::random_device{}());
  if (wish.soak) wish.only = kSoak;
  if (wish.soak && minutes->count() == 0) wish.minutes = kSoakMinutes;
  wish.options.wishes.only = absl::StrSplit(wish.only, ',', absl::SkipEmpty());
  ieum::faults::SetSlack(wish.slack);
  wish.options.length = absl::Minutes(wish.minutes);
  int worst = 0;
  for (const uint64_t seed : wish.seeds) {
    wish.options.seed = seed;
    worst = std::max(
        worst, wish.dry ? Print(wish.options) : RunOne(wish.options, wish.minutes, wish.report));
  }
  return worst;
}
