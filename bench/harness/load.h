// The load client as a process of its own, and what it saw.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/harness/suite.h"

namespace ieum::bench {

struct LoadSpec {
  std::string call = "create";  // as ieum-bench-load takes it
  std::string process = "registry";
  int clients = 64;
  double rate = 0;  // calls a second; 0 = closed loop
  double warm = 1;
  double seconds = 5;
  double deadline = 10;
  std::string names_file;
  std::string token_file = {};  // who calls; empty = who may do everything
};

struct LoadSeen {
  double per_second = 0;  // good answers
  double p50_ms = 0, p99_ms = 0;
  int64_t ok = 0, failed = 0;
  std::map<std::string, int64_t> failed_by_code;
  double started = 0;  // unix seconds when measuring began
  // Processor seconds for 1,000 good answers, by process, "load client" among them. The time of
  // warming up counts with what was answered then, at the measured pace.
  std::map<std::string, double> cpu_per_1000;
};

// Runs the client to its end.
LoadSeen RunLoad(Suite& suite, const LoadSpec& spec);

// The median of each figure over some runs.
LoadSeen MedianOf(const std::vector<LoadSeen>& runs);
// "registry 0.21, postgres 0.52, …", the largest first.
std::string DescribeCpu(const std::map<std::string, double>& cpu_per_1000);

}  // namespace ieum::bench
