#include "tests/simulator/plan.h"

#include <algorithm>
#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/simulator/random.h"

namespace ieum::flow::simulation {
namespace {

constexpr int kKinds = static_cast<int>(MishapKind::kCount);
constexpr std::array<std::string_view, kKinds> kKindNames = {"relay's link breaks",
                                                             "relay killed",
                                                             "relay paused",
                                                             "relay is a zombie",
                                                             "consumer's link breaks",
                                                             "consumer killed",
                                                             "consumer paused",
                                                             "consumer is a zombie",
                                                             "broker loses its tail",
                                                             "broker wiped",
                                                             "broker away",
                                                             "broker forgets ids",
                                                             "stream ages",
                                                             "forgery",
                                                             "database crashes",
                                                             "database restored",
                                                             "operator replays",
                                                             "time passes"};

constexpr std::array<std::string_view, kNoises> kNoiseNames = {
    "duplicates",    "disorder",  "drops",    "lost_answers", "ghosts",
    "refused_reads", "rollbacks", "in_doubt", "poison"};
// The strongest that a schedule may have.
constexpr std::array<int, kNoises> kNoiseMax = {10, 10, 6, 4, 90, 15, 10, 6, 8};

constexpr int kTicksMin = 60, kTicksMost = 500;

void Prune(Plan& plan, const std::vector<int>& keep) {
  std::vector<Mishap> kept;
  for (const int at : keep) {
    if (at < static_cast<int>(plan.mishaps.size())) kept.push_back(plan.mishaps[at]);
  }
  plan.mishaps = std::move(kept);
}

}  // namespace

std::string_view NameOf(MishapKind kind) { return kKindNames[static_cast<size_t>(kind)]; }
std::string_view NoiseName(int at) { return kNoiseNames[static_cast<size_t>(at)]; }

int& NoiseAt(Noise& noise, int at) {
  int* const all[kNoises] = {&noise.duplicates,   &noise.disorder, &noise.drops,
                             &noise.lost_answers, &noise.ghosts,   &noise.refused_reads,
                             &noise.rollbacks,    &noise.in_doubt, &noise.poison};
  return *all[at];
}

Plan PlanOf(uint64_t seed) {
  Random random(seed * 2 + 1);
  Plan plan;
  plan.seed = seed;
  plan.ticks = kTicksMin + random.Pick(kTicksMost);
  plan.shards = 1 + random.Pick(random.Chance(30) ? 6 : 2);
  plan.writes = 3 + random.Pick(30);
  plan.broker_stays_away = random.Chance(12);
  for (int at = 0; at < kNoises; ++at) {
    if (random.Chance(35)) NoiseAt(plan.noise, at) = 1 + random.Pick(kNoiseMax[at]);
  }
  std::array<int, kKinds> weights{};
  int total = 0;
  for (int& weight : weights) {
    weight = random.Chance(35) ? 1 + random.Pick(4) : 0;
    total += weight;
  }
  // A restore is rare and heavy: it would hide what else a schedule has to say.
  int& restores = weights[static_cast<size_t>(MishapKind::kRestored)];
  if (restores > 0 && !random.Chance(25)) total -= std::exchange(restores, 0);
  if (total == 0) return plan;
  const int per_mille = 4 + random.Pick(50);
  for (int tick = 0; tick < plan.ticks; ++tick) {
    if (random.Pick(1000) >= per_mille) continue;
    int drawn = random.Pick(total), kind = 0;
    while (drawn >= weights[kind]) drawn -= weights[kind++];
    plan.mishaps.push_back(
        {tick, static_cast<MishapKind>(kind), static_cast<uint32_t>(random.Next())});
  }
  return plan;
}

Plan PlanOf(const Cut& cut) {
  Plan plan = PlanOf(cut.seed);
  if (cut.keep) Prune(plan, *cut.keep);
  if (cut.ticks) plan.ticks = *cut.ticks;
  for (const int at : cut.quiet) NoiseAt(plan.noise, at) = 0;
  return plan;
}

std::string Write(const Cut& cut) {
  std::string text = absl::StrCat(cut.seed);
  if (cut.ticks) absl::StrAppend(&text, "/ticks=", *cut.ticks);
  if (cut.keep) absl::StrAppend(&text, "/keep=", absl::StrJoin(*cut.keep, ","));
  if (cut.quiet.empty()) return text;
  std::vector<std::string> names;
  for (const int at : cut.quiet) names.emplace_back(kNoiseNames[static_cast<size_t>(at)]);
  return absl::StrCat(text, "/quiet=", absl::StrJoin(names, ","));
}

std::optional<Cut> Read(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), '/');
  Cut cut;
  if (!absl::SimpleAtoi(parts[0], &cut.seed)) return std::nullopt;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::pair<std::string, std::string> word =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    const std::vector<std::string> values = absl::StrSplit(word.second, ',', absl::SkipEmpty());
    int number = 0;
    if (word.first == "ticks" && absl::SimpleAtoi(word.second, &number)) {
      cut.ticks = number;
    } else if (word.first == "keep") {
      cut.keep.emplace();
      for (const std::string& value : values) {
        if (!absl::SimpleAtoi(value, &number) || number < 0) return std::nullopt;
        cut.keep->push_back(number);
      }
    } else if (word.first == "quiet") {
      for (const std::string& value : values) {
        const auto found = std::find(kNoiseNames.begin(), kNoiseNames.end(), value);
        if (found == kNoiseNames.end()) return std::nullopt;
        cut.quiet.push_back(static_cast<int>(found - kNoiseNames.begin()));
      }
    } else {
      return std::nullopt;
    }
  }
  return cut;
}

std::string Describe(const Plan& plan) {
  std::string text = absl::StrCat("seed ", plan.seed, ", ", plan.ticks, " ticks, ", plan.shards,
                                  " shards, writes ", plan.writes, " %");
  Noise noise = plan.noise;
  for (int at = 0; at < kNoises; ++at) {
    if (NoiseAt(noise, at) > 0) {
      absl::StrAppend(&text, ", ", std::string(NoiseName(at)), " ", NoiseAt(noise, at), " %");
    }
  }
  for (const Mishap& mishap : plan.mishaps) {
    absl::StrAppend(&text, "\n  tick ", mishap.tick, ": ", std::string(NameOf(mishap.kind)));
  }
  return text;
}

}  // namespace ieum::flow::simulation
