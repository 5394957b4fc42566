// What a row is given, and what a row is.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/harness/report.h"
#include "bench/harness/suite.h"

namespace ieum::bench {

struct Options {
  bool quick = false;
  bool locked = false;  // calls over mutual TLS
  int rounds = 5;
  double seconds = 3;  // measured in each round of a throughput
  int64_t rebuild_events = 100'000;
  int64_t organizations = 1'000'000;  // the largest table of the reads
  int64_t people = 100'000;           // the most of those who may be the same
  double idle_transaction = 20;       // seconds
};

// Shared by all rows of a run. The suite is started when first asked for.
class Bench {
 public:
  explicit Bench(Options options) : options_(options) {}

  const Options& options() const { return options_; }
  Suite& suite();
  // All four services serve and nothing is left to consume.
  Suite& LiveSuite();
  // Lets everything that was written be consumed and written out before the next measurement.
  void Rest();
  // Commands a second that a closed loop reached; measured once.
  double Peak();
  // A line on standard error.
  void Say(const std::string& sentence) const;

 private:
  const Options options_;
  std::unique_ptr<Suite> suite_;
  double peak_ = 0;
};

struct Row {
  const char* name;   // "g1"
  const char* title;  // what it measures, in a line
  std::vector<Line> (*run)(Bench& bench);
};

// In the order of the table.
const std::vector<Row>& Rows();

// Runs both in turn, `rounds` times; each answers one figure.
struct Rounds {
  std::vector<double> ours, limit;
};
Rounds Alternate(const Bench& bench, int rounds, const std::function<double()>& ours,
                 const std::function<double()>& limit);

// Fills `line` with the medians of the rounds.
void SetRounds(const Rounds& rounds, Line* line);

}  // namespace ieum::bench
