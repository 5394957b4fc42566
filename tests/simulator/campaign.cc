#include "tests/simulator/campaign.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "fmt/format.h"

namespace ieum::flow::simulation {
namespace {

constexpr uint64_t kAtOnce = 50;  // schedules that a thread takes
constexpr int kTicksStep = 8;

void Take(uint64_t seed, Totals& totals) {
  const Outcome outcome = RunSchedule(PlanOf(seed));
  ++totals.schedules;
  totals.events += outcome.events;
  totals.ticks += outcome.ticks;
  totals.losses += outcome.losses;
  totals.repairs += outcome.repairs;
  totals.parked += outcome.parked;
  totals.restores += outcome.restores;
  if (outcome.law.empty()) return;
  ++totals.breaches[outcome.law];
  if (totals.failed_seed) return;
  totals.failed_seed = seed;
  totals.failure = outcome;
}

void Add(const Totals& part, Totals& totals) {
  totals.schedules += part.schedules;
  totals.events += part.events;
  totals.ticks += part.ticks;
  totals.losses += part.losses;
  totals.repairs += part.repairs;
  totals.parked += part.parked;
  totals.restores += part.restores;
  for (const auto& [law, count] : part.breaches) totals.breaches[law] += count;
  if (!part.failed_seed || (totals.failed_seed && *totals.failed_seed < *part.failed_seed)) return;
  totals.failed_seed = part.failed_seed;
  totals.failure = part.failure;
}

std::string LawOf(const Cut& cut) { return RunSchedule(PlanOf(cut)).law; }

std::vector<int> Without(const std::vector<int>& all, size_t from, size_t count) {
  std::vector<int> rest;
  for (size_t i = 0; i < all.size(); ++i) {
    if (i < from || i >= from + count) rest.push_back(all[i]);
  }
  return rest;
}

// Takes mishaps away in ever smaller groups for as long as the same law stays broken.
void ShrinkMishaps(const std::string& law, Cut& cut) {
  for (size_t group = std::max<size_t>(1, cut.keep->size() / 2); group > 0; group /= 2) {
    for (size_t from = 0; from < cut.keep->size();) {
      Cut smaller = cut;
      smaller.keep = Without(*cut.keep, from, group);
      if (LawOf(smaller) == law) {
        cut = smaller;
      } else {
        from += group;
      }
    }
  }
}

void ShrinkNoise(const std::string& law, Cut& cut) {
  for (int at = 0; at < kNoises; ++at) {
    Cut smaller = cut;
    smaller.quiet.push_back(at);
    if (LawOf(smaller) == law) cut = smaller;
  }
}

void ShrinkTicks(const std::string& law, Cut& cut) {
  for (int ticks = 0; ticks < *cut.ticks; ticks += kTicksStep) {
    Cut smaller = cut;
    smaller.ticks = ticks;
    if (LawOf(smaller) != law) continue;
    cut = smaller;
    return;
  }
}

}  // namespace

Totals RunAll(const Campaign& campaign) {
  std::atomic<uint64_t> next{0};
  std::atomic<bool> ended{false};
  std::mutex mutex;
  Totals totals;
  const auto work = [&] {
    while (!ended) {
      const uint64_t begin = next.fetch_add(kAtOnce);
      if (begin >= campaign.schedules) return;
      Totals part;
      for (uint64_t at = begin; at < std::min(begin + kAtOnce, campaign.schedules); ++at) {
        Take(campaign.first_seed + at, part);
        if (part.failed_seed && campaign.stop_at_first) break;
      }
      const std::lock_guard lock(mutex);
      Add(part, totals);
      if (totals.failed_seed && campaign.stop_at_first) ended = true;
      if (campaign.progress) campaign.progress(totals.schedules);
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < campaign.threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return totals;
}

Cut Shrink(uint64_t seed) {
  const Plan plan = PlanOf(seed);
  Cut cut;
  cut.seed = seed;
  const std::string law = LawOf(cut);
  cut.ticks = plan.ticks;
  cut.keep.emplace();
  for (int at = 0; at < static_cast<int>(plan.mishaps.size()); ++at) cut.keep->push_back(at);
  ShrinkTicks(law, cut);
  std::erase_if(*cut.keep, [&](int at) { return plan.mishaps[at].tick >= *cut.ticks; });
  ShrinkMishaps(law, cut);
  ShrinkNoise(law, cut);
  ShrinkMishaps(law, cut);
  return cut;
}

std::string Report(uint64_t seed, const Outcome& failure) {
  const Cut small = Shrink(seed);
  const Outcome again = RunSchedule(PlanOf(small));
  return fmt::format(
      "seed {} breaks the law \"{}\": {}\n"
      "made smaller: {}\n{}\nbreaks it with: {}\n"
      "see it happen: ./ieum simulate --replay '{}'",
      seed, failure.law, failure.breach, Write(small), Describe(PlanOf(small)), again.breach,
      Write(small));
}

}  // namespace ieum::flow::simulation
