// ieum-simulate: schedules by the million, or one of them again with everything that happens.
#include <chrono>
#include <cstdio>

#include "CLI/CLI.hpp"
#include "fmt/format.h"
#include "tests/simulator/campaign.h"
#include "tests/simulator/mutant.h"

namespace {

using namespace ieum::flow::simulation;  // NOLINT(build/namespaces)

constexpr uint64_t kProgressEvery = 20000;

bool Wake(const std::string& name) {
  for (const MutantEntry& mutant : kMutants) {
    if (name != mutant.name) continue;
    awake_mutant = mutant.id;
    return true;
  }
  return false;
}

int Replay(const std::string& text) {
  const auto cut = Read(text);
  if (!cut) {
    fmt::print(stderr, "no schedule: {}\n", text);
    return 2;
  }
  const Plan plan = PlanOf(*cut);
  fmt::print("{}\n", Describe(plan));
  const Outcome outcome = RunSchedule(plan, /*trace=*/true);
  if (outcome.law.empty()) {
    fmt::print("every law held: {} events in {} ticks\n", outcome.events, outcome.ticks);
    return 0;
  }
  fmt::print("broken: {}: {}\n", outcome.law, outcome.breach);
  return 1;
}

int RunMany(Campaign campaign) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [start] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  uint64_t told = 0;
  campaign.progress = [&](uint64_t done) {
    if (done < told + kProgressEvery) return;
    told = done;
    fmt::print(stderr, "{} of {} schedules, {:.0f} s\n", done, campaign.schedules, seconds());
  };
  const Totals totals = RunAll(campaign);
  fmt::print(
      "{} schedules from seed {} in {:.1f} s on {} thread(s): {} events, {} ticks, {} losses of "
      "the broker noticed, {} repairs from the ledger, {} dead letters, {} restores\n",
      totals.schedules, campaign.first_seed, seconds(), campaign.threads, totals.events,
      totals.ticks, totals.losses, totals.repairs, totals.parked, totals.restores);
  if (!totals.failed_seed) {
    fmt::print("every law held\n");
    return 0;
  }
  for (const auto& [law, count] : totals.breaches) fmt::print("broken {} times: {}\n", count, law);
  fmt::print("{}\n", Report(*totals.failed_seed, totals.failure));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Seeded schedules of mishaps over the relay, the consumer and their servers.");
  Campaign campaign;
  campaign.schedules = 100000;
  std::string replay, mutant;
  app.add_option("--schedules", campaign.schedules, "How many");
  app.add_option("--seed", campaign.first_seed, "The first one's");
  app.add_option("--threads", campaign.threads, "Threads")->check(CLI::Range(1, 64));
  bool go_on = false;
  app.add_flag("--go-on", go_on, "Past the first breach; counts them by law");
  app.add_option("--replay", replay, "One schedule, as a failure printed it");
  app.add_option("--mutant", mutant, "Wakes a mutant of mutants.md (ieum-simulate-mutants)");
  CLI11_PARSE(app, argc, argv);
  campaign.stop_at_first = !go_on;
  if (!mutant.empty() && !Wake(mutant)) {
    fmt::print(stderr, "mutants.md has no {}\n", mutant);
    return 2;
  }
  return replay.empty() ? RunMany(campaign) : Replay(replay);
}
