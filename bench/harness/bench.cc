#include "bench/harness/bench.h"

#include <algorithm>
#include <cstdio>

#include "bench/harness/load.h"
#include "bench/harness/numbers.h"
#include "bench/harness/waiting.h"
#include "fmt/format.h"

namespace ieum::bench {

Suite& Bench::suite() {
  if (suite_ == nullptr) {
    Say("starting PostgreSQL and NATS in folders of their own");
    suite_ = std::make_unique<Suite>(options_.locked);
  }
  return *suite_;
}

Suite& Bench::LiveSuite() {
  suite().Start(kServices);
  Rest();
  return suite();
}

void Bench::Rest() {
  constexpr double kLimit = 120;
  if (!suite().WaitCaughtUp({"casemgmt", "reporting", "notify"}, kLimit)) {
    Die("the consumers did not catch up within two minutes");
  }
  suite().postgres().Settle();
}

double Bench::Peak() {
  if (peak_ > 0) return peak_;
  LiveSuite();
  for (int round = 0; round < 3; ++round) {
    peak_ =
        std::max(peak_, RunLoad(suite(), {.seconds = std::min(options_.seconds, 4.0)}).per_second);
    Rest();
  }
  Say(fmt::format("peak of a closed loop: {} commands/s", Printed(peak_)));
  return peak_;
}

void Bench::Say(const std::string& sentence) const {
  std::fprintf(stderr, "    %s\n", sentence.c_str());
}

Rounds Alternate(const Bench& bench, int rounds, const std::function<double()>& ours,
                 const std::function<double()>& limit) {
  Rounds all;
  for (int round = 1; round <= rounds; ++round) {
    all.ours.push_back(ours());
    all.limit.push_back(limit());
    bench.Say(fmt::format("round {} of {}: ours {}, limit {}", round, rounds,
                          Printed(all.ours.back()), Printed(all.limit.back())));
  }
  return all;
}

void SetRounds(const Rounds& rounds, Line* line) {
  line->our_rounds = rounds.ours;
  line->limit_rounds = rounds.limit;
  line->ours = Median(rounds.ours);
  if (!rounds.limit.empty()) line->limit = Median(rounds.limit);
}

}  // namespace ieum::bench
